FROM alpine:3.20
COPY --chmod=644 app.conf /etc/app/
RUN mkdir -m 1777 /scratch && chmod 750 /srv && chmod +x /etc/app && chmod o-w,a+rX /opt
USER 10001
