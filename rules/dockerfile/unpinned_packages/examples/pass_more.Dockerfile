FROM rockylinux:9.3-minimal
RUN microdnf install -y nodejs-16.20.2-8.el9 ./local.rpm @development
RUN npm ci && npm install --global pnpm@9.12.0 @acme/tool@1.2.3 ./pack.tgz && gem install bundler -v 2.5.22 rake:13.2.1
RUN go install golang.org/x/tools/gopls@v0.16.2 && go install ./cmd/... && zypper install -y curl=8.0.1
USER 10001
