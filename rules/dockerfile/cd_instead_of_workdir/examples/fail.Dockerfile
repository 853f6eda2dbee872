FROM node:20.15.0-alpine
RUN cd /srv/app && npm ci
USER node
