# docker build --tag hfscan .
# docker run --rm --network none --volume "$PWD:/src:ro" hfscan

FROM rust:1.95-alpine AS build
RUN apk add --no-cache musl-dev make cmake pkgconf
WORKDIR /build
COPY Cargo.toml Cargo.lock README.md ./
COPY src src
COPY rules rules
COPY tests/integration/main.rs tests/integration/main.rs
RUN cargo build --locked --release --bin hfscan

# Nothing but the program: no shell, no package manager, nothing to keep up to date.
FROM scratch
COPY --from=build /build/target/release/hfscan /usr/bin/hfscan
COPY LICENSE-APACHE LICENSE-MIT /usr/share/licenses/hfscan/
USER 65534:65534
WORKDIR /src
ENV TMPDIR=/src
ENTRYPOINT ["/usr/bin/hfscan"]
CMD ["."]
