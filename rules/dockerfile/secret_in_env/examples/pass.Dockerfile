FROM alpine:3.20
ARG NPM_TOKEN
ENV PASSWORD_FILE=/run/secrets/password \
    DB_PASSWORD= \
    ALLOW_EMPTY_PASSWORD=yes \
    TOKEN_URL=https://example.com/token \
    MAX_TOKEN=4096 \
    PUBLIC_KEY=ssh-ed25519 \
    GPG_KEY=7169605F62C751356D054A26A821E680E5FA6305
RUN --mount=type=secret,id=token cat /run/secrets/token
USER 10001
