FROM rockylinux:9.3-minimal
RUN microdnf install -y nodejs python3-pip
RUN npm install --global pnpm typescript@latest && gem install bundler && go install golang.org/x/tools/gopls@latest
USER 10001
