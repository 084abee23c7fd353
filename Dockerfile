# Two images from one file: `web` (no torch) and `worker` (torch with CUDA; runs on the CPU as well).
#   docker build --target web -t cv4lymphnode-web:local .
#   docker build --target worker -t cv4lymphnode-worker-gpu:local .
# For a worker without a GPU, PyTorch's CPU build is a tenth of the size: give its index (README) as
#   --build-arg PIP_EXTRA_INDEX_URL=…

FROM node:20-bookworm-slim AS page
WORKDIR /page
COPY frontend/package.json frontend/package-lock.json frontend/.npmrc ./
RUN npm ci --no-audit --no-fund
COPY frontend/ ./
RUN npm run build

FROM python:3.11-slim-bookworm AS base
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1 \
    MODE=production DATA_DIR=/data
# pg_dump and pg_restore for `manage.py backup`: of the same major version as the database's image.
# Debian keeps one version of it at a time: pinning that one would break the build at the next security fix.
# hadolint ignore=DL3008
RUN apt-get update && apt-get install --yes --no-install-recommends postgresql-client-15 \
    && rm -rf /var/lib/apt/lists/*
RUN useradd --uid 10001 --create-home app && install -d -o app -g app /data
WORKDIR /app
COPY requirements/ requirements/

FROM base AS web
RUN pip install --require-hashes -r requirements/locks/web.txt
COPY manage.py ./
COPY backend/ backend/
COPY ml/ ml/
COPY --from=page /page/dist frontend/dist/
USER 10001
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/healthz', timeout=2)"]
CMD ["gunicorn", "backend.config.wsgi:application", "--config", "backend/config/gunicorn.py", "--bind", "0.0.0.0:8000"]

FROM base AS worker
ARG PIP_EXTRA_INDEX_URL=""
RUN PIP_EXTRA_INDEX_URL="${PIP_EXTRA_INDEX_URL}" pip install -r requirements/worker.txt
COPY manage.py ./
COPY backend/ backend/
COPY ml/ ml/
USER 10001
CMD ["celery", "--app", "backend.config.celery", "worker", "--queues", "inference,maintenance", "--concurrency", "1", "--loglevel", "INFO"]
