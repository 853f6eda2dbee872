FROM node:20.15.0-alpine
COPY dist/ app/
USER node
