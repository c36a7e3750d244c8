"""Rows of people and organisations."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models

from guildmark.kernel.clock import now
from guildmark.kernel.ids import uuid7
from guildmark.kernel.tenancy import OrgModel


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **values: Any) -> User:
        user = self.model(email=email.strip().lower(), **values)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """Somebody who can sign in. The e-mail address is the name; addresses are kept by allauth too."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    email = models.EmailField(unique=True, max_length=254)
    name = models.CharField(max_length=200, blank=True)
    is_active = models.BooleanField(default=True)
    date_joined = models.DateTimeField(default=now)

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    is_staff = False
    is_superuser = False

    def get_full_name(self) -> str:
        return self.name or self.email


class Organisation(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=200)
    url = models.URLField(max_length=400, blank=True)
    email = models.EmailField(blank=True)
    description = models.TextField(max_length=2000, blank=True)
    country = models.CharField(max_length=2, blank=True)
    state = models.CharField(max_length=10, default="active")
    created_at = models.DateTimeField(default=now)


class Membership(OrgModel):
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    roles = models.JSONField(default=list)
    state = models.CharField(max_length=10, default="active")
    created_at = models.DateTimeField(default=now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["org_id", "user"], name="membership_once")]


class Invitation(OrgModel):
    email = models.EmailField(max_length=254)
    roles = models.JSONField(default=list)
    token_hash = models.CharField(max_length=64, unique=True)
    invited_by = models.UUIDField(null=True)
    created_at = models.DateTimeField(default=now)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)


class ApiKey(OrgModel):
    name = models.CharField(max_length=80)
    prefix = models.CharField(max_length=12, unique=True)
    secret_hash = models.CharField(max_length=64)
    scopes = models.JSONField(default=list)
    created_by = models.UUIDField(null=True)
    created_at = models.DateTimeField(default=now)
    last_used_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)


class Learner(OrgModel):
    """A person assessed by an organisation. ``user_id`` is set once an account with that address exists."""

    email = models.EmailField(max_length=254)
    name = models.CharField(max_length=200)
    user_id = models.UUIDField(null=True, db_index=True)
    created_at = models.DateTimeField(default=now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["org_id", "email"], name="learner_once")]
