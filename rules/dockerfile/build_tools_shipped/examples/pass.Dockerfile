FROM python:3.12.4-alpine AS build
RUN apk add --no-cache build-base=0.5-r3

FROM python:3.12.4-alpine
RUN apk add --no-cache --virtual .build gcc=13.2.1 musl-dev=1.2.5 && pip install --no-cache-dir psycopg==3.2.1 && apk del .build
RUN apk add --no-cache libpq=16.4-r0
USER 10001
