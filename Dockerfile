# Diskboard's image: docker build -t diskboard .
# With the embedded cloud, to try it out: docker build --target demo -t diskboard:demo .
# Any base with Python 3.11 or newer and the module venv will do; pin it by its digest for builds that can be repeated.
ARG BASE=docker.io/library/python:3.13-slim-trixie

FROM ${BASE} AS build
WORKDIR /source
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_ROOT_USER_ACTION=ignore
COPY requirements/build.txt requirements/image.txt requirements/
# The tools stay here; Diskboard's own environment has no pip.
RUN python3 -m venv /tools \
    && /tools/bin/pip install --require-hashes -r requirements/image.txt -r requirements/build.txt \
    && python3 -m venv --without-pip /opt/diskboard \
    && /tools/bin/pip --python /opt/diskboard/bin/python install --no-compile \
        --only-binary :all: --require-hashes -r requirements/image.txt
COPY . .
# The wheel contains the static files. Byte code isn't compared with the sources' times, which layers may change.
RUN /tools/bin/python -m hatchling build --target wheel --directory /wheels \
    && /tools/bin/pip --python /opt/diskboard/bin/python install --no-compile --no-deps --no-index /wheels/*.whl \
    && /tools/bin/python -m compileall -q --invalidation-mode unchecked-hash /opt/diskboard/lib

FROM build AS build-demo
COPY requirements/devcloud.txt requirements/
RUN /tools/bin/pip --python /opt/diskboard/bin/python install --no-compile --require-hashes -r requirements/devcloud.txt \
    && /tools/bin/python -m compileall -q --invalidation-mode unchecked-hash /opt/diskboard/lib

FROM ${BASE} AS runtime
ARG VERSION=unknown
ARG REVISION=unknown
LABEL org.opencontainers.image.title="Diskboard" \
    org.opencontainers.image.description="A dashboard for the disks and snapshots of an OpenStack project" \
    org.opencontainers.image.licenses="Apache-2.0" \
    org.opencontainers.image.version="${VERSION}" \
    org.opencontainers.image.revision="${REVISION}"
# The number is enough: the user needs no name.
RUN mkdir -m 0700 /var/lib/diskboard && chown 10001:10001 /var/lib/diskboard
ENV PATH=/opt/diskboard/bin:/usr/local/bin:/usr/bin:/bin \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    HOME=/var/lib/diskboard \
    HOST=0.0.0.0 \
    VAR_DIR=/var/lib/diskboard
COPY scripts/healthcheck.py /opt/healthcheck.py
WORKDIR /var/lib/diskboard
VOLUME ["/var/lib/diskboard"]
USER 10001:10001
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s CMD ["python3", "/opt/healthcheck.py"]
# It becomes the web server itself, which ends on SIGTERM with status 0 when running requests are finished.
CMD ["diskboard", "serve"]

FROM runtime AS demo
COPY --from=build-demo /opt/diskboard /opt/diskboard
CMD ["diskboard", "demo"]

# The default target
FROM runtime
COPY --from=build /opt/diskboard /opt/diskboard
