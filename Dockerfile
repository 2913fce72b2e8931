# Anagen in a container. hadolint reads this file without complaint, and the commands in it were run one by one outside a
# container; the image itself was never built: no container engine was at hand.
#
#     docker build --tag anagen:local .
#     docker run --rm --volume "$PWD:/data" anagen:local run exosome-vs-saline --out results
#
# The studio listens beyond its container here, so it asks for users and for a proxy that speaks TLS (docs/studio.md):
#
#     printf '%s\n' 'a long password' | docker run --rm --interactive --volume anagen:/data anagen:local studio user add anna --folder /data/studio
#     docker run --publish 127.0.0.1:8642:8642 --volume anagen:/data anagen:local \
#         studio --folder /data/studio --host 0.0.0.0 --behind-proxy --host-name clinic.example
#
# A bound folder has to be writable for the user 10001, or give --user "$(id -u):$(id -g)".

FROM python:3.11.11-slim-bookworm AS build
WORKDIR /source
COPY constraints.txt pyproject.toml README.md LICENSE ./
COPY src src
COPY studies studies
RUN python -m venv /opt/build \
    && /opt/build/bin/pip install --no-cache-dir --constraint constraints.txt build hatchling \
    && /opt/build/bin/python -m build --no-isolation --wheel --outdir /wheels \
    && python -m venv /opt/anagen \
    && wheel="$(echo /wheels/*.whl)" \
    && /opt/anagen/bin/pip install --no-cache-dir --constraint constraints.txt \
        "${wheel}[calibration,cluster,credibility,formats,pictures,planning,query,studio,trichoscopy]"

FROM python:3.11.11-slim-bookworm
RUN useradd --create-home --uid 10001 anagen \
    && install --directory --owner anagen --group anagen /data /var/cache/anagen
COPY --from=build /opt/anagen /opt/anagen
# Kernels are compiled at the first run, into a folder that this user may write.
ENV PATH=/opt/anagen/bin:$PATH \
    NUMBA_CACHE_DIR=/var/cache/anagen \
    MPLCONFIGDIR=/var/cache/anagen \
    PYTHONDONTWRITEBYTECODE=1
USER 10001:10001
WORKDIR /data
VOLUME ["/data"]
EXPOSE 8642
# Its page of signing in is open to everybody; /api/v1/health answers those who are known only.
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8642/login', timeout=4)"]
ENTRYPOINT ["anagen"]
CMD ["studio", "--folder", "/data/studio", "--host", "0.0.0.0", "--behind-proxy", "--host-name", "localhost"]
