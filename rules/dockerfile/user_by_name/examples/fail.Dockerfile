FROM node:20.15.0-alpine
USER node
