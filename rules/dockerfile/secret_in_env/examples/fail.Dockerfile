FROM alpine:3.20
ENV DB_HOST=db.example.com \
    DB_PASSWORD=not-a-real-password
USER 10001
