FROM alpine:3.20
COPY --chmod=666 app.conf /etc/app/
RUN mkdir /data && chmod -R 777 /data && chmod a+rwx /srv
USER 10001
