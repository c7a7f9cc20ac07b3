import { CertManager } from "../../../constructs/certificates/cert-manager";
import { at, built } from "../support";

const values = built((stack) => {
  new CertManager(stack, "cert-manager", { acme: false, source: {}, dependsOn: [] });
}).values("cert-manager");

test.each(["jobAnnotations", "rbac.annotations", "serviceAccount.annotations"])(
  "an upgrade, too, asks whether the API answers, for it repairs an install that was killed while it asked: %s",
  (key) => {
    expect(at(values, `startupapicheck.${key}`)).toEqual({ "helm.sh/hook": "post-install,post-upgrade" });
  },
);
