"""The cache in Redis (REDIS_URL), without which Diskboard goes on."""

import logging
from typing import Any

from django.core.cache import cache
from django.core.cache.backends import redis
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)


def trouble() -> str:
    """Return why Redis can't be used, or an empty string."""
    try:
        cache.has_key("check")
    except RedisError as error:
        return " ".join(str(error).split())
    return ""


class RedisCache(redis.RedisCache):
    """Django's cache in Redis; if Redis doesn't answer, a mark counts as new."""

    def add(self, key: Any, *args: Any, **kwargs: Any) -> bool:
        """Set a mark and return whether it is new.

        What it marks is then done once more than necessary: old rows are deleted, or a refusal is logged.
        """
        try:
            return bool(super().add(key, *args, **kwargs))
        except RedisError as error:
            logger.warning("Redis does not answer: %s", " ".join(str(error).split()))
            return True
