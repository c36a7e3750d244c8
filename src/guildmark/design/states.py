from guildmark.kernel.states import transitions

VERSION = transitions("version", draft="published", published="superseded retired", superseded="retired")
