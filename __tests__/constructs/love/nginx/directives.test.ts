import fc from "fast-check";
import { type Directive, nginxText } from "../../../../constructs/love/nginx/directives";
import { type Directive as Read, readNginx } from "../../../support/love/nginx-config";

const read = (directive: Directive): Read =>
  "block" in directive
    ? { name: directive.block[0], args: directive.block.slice(1), body: directive.body.map(read) }
    : { name: directive[0], args: directive.slice(1) };

test("nginx reads what was written, whatever the arguments are", () => {
  const word = fc.stringMatching(/^[a-z_]+$/);
  const argument = fc.oneof(
    word,
    fc.string(),
    fc.constantFrom("", "a b", "{}", ";", "'", '"', "\\", "#no", "$uri", "${a}"),
  );
  const line = fc.tuple(word, fc.array(argument)).map(([name, args]): Directive => [name, ...args]);
  const block = fc
    .tuple(word, fc.array(argument), fc.array(line))
    .map(([name, args, body]): Directive => ({ block: [name, ...args], body }));
  fc.assert(
    fc.property(fc.array(fc.oneof(line, block)), (directives) => {
      expect(readNginx(nginxText(directives))).toEqual(directives.map(read));
    }),
  );
});

test.each(["a b;", "server { listen 80; }", "a 'b;c' \"d e\"; # and more\nf;"])("the reader takes %s", (text) => {
  expect(readNginx(text).length).toBeGreaterThan(0);
});

test.each(["a", "server {", "a; }", "{ }", "a 'b;"])("the reader refuses %s", (text) => {
  expect(() => readNginx(text)).toThrow();
});
