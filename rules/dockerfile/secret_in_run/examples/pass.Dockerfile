FROM alpine:3.20
RUN --mount=type=secret,id=db DB_PASSWORD="$(cat /run/secrets/db)" ./migrate
RUN SECRET_KEY=only-for-the-build SECRET_KEY_BASE=1 ./collect && DB_PASSWORD=$PASSWORD ./migrate
USER 10001
