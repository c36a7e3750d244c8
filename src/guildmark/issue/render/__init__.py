"""Pictures of a signed credential: badge art, certificate and QR code, as pure functions of what was signed."""

from guildmark.issue.render.badge import badge_png, badge_svg
from guildmark.issue.render.certificate import certificate_pdf
from guildmark.issue.render.qr import qr_svg

__all__ = ["badge_png", "badge_svg", "certificate_pdf", "qr_svg"]
