"""The store in S3: an object is created once (If-None-Match), locked if asked, erased for good.

What a vendor's server cannot do is found at start (`check`); the digest checked at every reading
depends on no vendor.
"""

from __future__ import annotations

import secrets
import threading
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import boto3
from botocore.client import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.core.files.base import ContentFile, File
from django.core.files.storage import Storage
from django.utils.deconstruct import deconstructible


@deconstructible
class ObjectStorage(Storage):
    """Django's storage on one bucket. Options: `config/settings.py`."""

    def __init__(
        self,
        *,
        bucket: str,
        endpoint: str = "",
        region: str = "",
        access_key: str = "",
        secret_key: str = "",
        object_lock: bool = True,
    ) -> None:
        self.bucket = bucket
        self.object_lock = object_lock
        self._connection = {
            "endpoint_url": endpoint or None,
            "region_name": region or None,
            "aws_access_key_id": access_key or None,
            "aws_secret_access_key": secret_key or None,
        }
        self._local = threading.local()

    @property
    def client(self) -> Any:
        """One client a thread: those of botocore are not made to be shared while created."""
        if not hasattr(self._local, "client"):
            self._local.client = boto3.session.Session().client(
                "s3",
                config=Config(connect_timeout=3, read_timeout=20, retries={"max_attempts": 3}),
                **self._connection,
            )
        return self._local.client

    def _save(self, name: str, content: File[Any]) -> str:
        body = b"".join(content.chunks())
        try:
            self.client.put_object(
                Bucket=self.bucket, Key=name, Body=body, IfNoneMatch="*", ChecksumAlgorithm="SHA256"
            )
        except ClientError as error:
            if _status(error) not in {409, 412}:  # another wrote the same bytes just before
                raise
        return name

    def _open(self, name: str, mode: str = "rb") -> File[Any]:
        try:
            found = self.client.get_object(Bucket=self.bucket, Key=name)
        except ClientError as error:
            if _status(error) == 404:
                raise FileNotFoundError(name) from error
            raise
        return ContentFile(found["Body"].read(), name=name)

    def exists(self, name: str) -> bool:
        try:
            self.client.head_object(Bucket=self.bucket, Key=name)
        except ClientError as error:
            if _status(error) == 404:
                return False
            raise
        return True

    def get_available_name(self, name: str, max_length: int | None = None) -> str:
        return name  # the digest of the content: the same name is the same bytes

    def delete(self, name: str) -> None:
        """Erase every version: a delete marker would keep the bytes."""
        pages = self.client.get_paginator("list_object_versions").paginate(
            Bucket=self.bucket, Prefix=name
        )
        for page in pages:
            for version in page.get("Versions", []) + page.get("DeleteMarkers", []):
                if version["Key"] == name:
                    self.client.delete_object(
                        Bucket=self.bucket, Key=name, VersionId=version["VersionId"]
                    )

    def kept(self) -> Iterator[tuple[str, datetime]]:
        """Every object of the store, and since when."""
        pages = self.client.get_paginator("list_objects_v2").paginate(Bucket=self.bucket)
        for page in pages:
            for one in page.get("Contents", []):
                yield one["Key"], one["LastModified"]

    def lock(self, name: str, until: date) -> None:
        """Nobody erases it before the end of that day, administrators of the bucket included.

        A longer lock stays as it is: this mode cannot be shortened.
        """
        if not self.object_lock:
            return
        end = datetime.combine(until + timedelta(days=1), time(), UTC)
        if (held := self.locked_until(name)) is not None and held >= end:
            return
        self.client.put_object_retention(
            Bucket=self.bucket,
            Key=name,
            Retention={"Mode": "COMPLIANCE", "RetainUntilDate": end},
        )

    def locked_until(self, name: str) -> datetime | None:
        """The end of the lock on the present version, if it has one."""
        found = self.client.head_object(Bucket=self.bucket, Key=name)
        until: datetime | None = found.get("ObjectLockRetainUntilDate")
        return until

    def shortcomings(self) -> list[str]:
        """What this bucket cannot do, tried for real on a small object that is then erased.

        Raises:
            BotoCoreError, ClientError: it cannot be used at all.
        """
        found = []
        probe = f"essai/{secrets.token_hex(16)}"
        self.client.put_object(Bucket=self.bucket, Key=probe, Body=b"1", IfNoneMatch="*")
        try:
            self.client.put_object(Bucket=self.bucket, Key=probe, Body=b"2", IfNoneMatch="*")
            found.append("It overwrites in spite of If-None-Match: an object may be replaced.")
        except ClientError as error:
            if _status(error) != 412:
                found.append(f"It does not understand If-None-Match ({_status(error)}).")
        finally:
            self.delete(probe)
        if self.object_lock and not self._can_lock():
            found.append(
                "It has no object lock: create the bucket with it, or set PREAU_S3_OBJECT_LOCK=0"
                " and know that only the database then guards signed documents."
            )
        return found

    def _can_lock(self) -> bool:
        try:
            found = self.client.get_object_lock_configuration(Bucket=self.bucket)
        except ClientError:
            return False
        enabled: bool = found["ObjectLockConfiguration"].get("ObjectLockEnabled") == "Enabled"
        return enabled


def _status(error: ClientError) -> int:
    status: int = error.response["ResponseMetadata"]["HTTPStatusCode"]
    return status


#: What `shortcomings` raises when the bucket cannot be reached or used.
UNUSABLE = (BotoCoreError, ClientError)
