FROM rockylinux:9.3-minimal
ENV PIP_NO_CACHE_DIR=1
RUN microdnf install -y nodejs-16.20.2 python3-pip-21.3.1 && microdnf clean all
RUN pip install flask==3.0.3
RUN --mount=type=cache,target=/root/.npm npm ci
USER 10001
