FROM python:3.12.4-alpine
ARG CURL_VERSION=8.9.1-r1
RUN apk add --no-cache --virtual .fetch curl="$CURL_VERSION" tzdata~2024 && apk del .fetch
COPY requirements.txt constraints.txt ./
RUN pip install --no-cache-dir -r requirements.txt && \
    pip install -c constraints.txt flask && \
    pip install "uvicorn==0.30.1" ./app /wheels/*.whl
USER 10001
