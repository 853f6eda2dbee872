FROM debian:12.7-slim
RUN echo 'e3b0c442  /opt/app' | sha256sum -c -
RUN if dpkg -l | grep -q curl; then echo found; fi
RUN bash -o pipefail -c 'curl -fsSL https://example.com/app.tar.gz | tar xz -C /opt'
SHELL ["/bin/bash", "-o", "pipefail", "-c"]
RUN curl -fsSL https://example.com/app.tar.gz | tar xz -C /opt
USER 10001
