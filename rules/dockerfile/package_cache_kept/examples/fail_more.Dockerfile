FROM rockylinux:9.3-minimal
RUN microdnf install -y nodejs-16.20.2 python3-pip-21.3.1
RUN pip install flask==3.0.3
RUN npm ci
USER 10001
