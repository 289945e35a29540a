"""Which mirrors there are. Another one is added here, and nowhere else."""

from bot.mirrors.mail import Mail
from bot.mirrors.protocol import Mirror
from bot.mirrors.webhook import Webhook
from bot.settings import Settings


def mirrors(settings: Settings) -> tuple[Mirror, ...]:
    """Those that are switched on."""
    found: list[Mirror] = []
    if settings.mirror_smtp_host is not None and settings.mirror_smtp_from is not None:
        found.append(
            Mail(
                host=settings.mirror_smtp_host, port=settings.mirror_smtp_port, tls=settings.mirror_smtp_tls,
                user=settings.mirror_smtp_user, password=settings.mirror_smtp_password,
                sender=settings.mirror_smtp_from, to=settings.mirror_smtp_to, reply_to=settings.mirror_smtp_reply_to,
                seconds=settings.send_limit_seconds,
            )
        )  # fmt: skip
    if settings.mirror_webhook_url is not None and settings.mirror_webhook_secret is not None:
        found.append(
            Webhook(
                url=settings.mirror_webhook_url, secret=settings.mirror_webhook_secret,
                seconds=settings.send_limit_seconds,
            )
        )  # fmt: skip
    return tuple(found)
