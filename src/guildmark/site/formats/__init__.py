"""How dates are written in the languages of the pages, in place of what Django has for them."""
