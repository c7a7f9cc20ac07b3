/**
 * package-lock.json with an entry for every platform. npm leaves out optional packages that the registry it
 * used does not have, and `npm ci` then refuses the file, also where nobody would install them.
 */
interface Package {
  readonly version?: string;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly dev?: boolean;
}

/** The parts of a lock file that we look at. */
export interface Lockfile {
  readonly packages: Readonly<Record<string, Package>>;
}

const SYSTEMS = ["android", "darwin", "freebsd", "linux", "openharmony", "win32"];
const PROCESSORS = ["arm64", "arm", "ia32", "loong64", "ppc64", "riscv64", "s390x", "x64"];

/** A package that has no entry. */
interface Missing {
  readonly name: string;
  readonly version: string;
  readonly dev: boolean;
}

/** Optional packages without an entry. */
export function missingPackages({ packages }: Lockfile): Missing[] {
  return Object.entries(packages).flatMap(([path, { optionalDependencies = {}, dev = false }]) =>
    Object.entries(optionalDependencies)
      .filter(([name]) => !(`node_modules/${name}` in packages) && !(`${path}/node_modules/${name}` in packages))
      .map(([name, version]) => ({ name, version, dev })),
  );
}

/** The lock file with an entry for each of them, for the platform that its name tells. */
export function completed<T extends Lockfile>(lock: T): T {
  const added = missingPackages(lock).map(({ name, version, dev }) => {
    const words = name.replace(/^.*\//, "").split("-");
    const os = SYSTEMS.filter((one) => words.includes(one));
    const cpu = PROCESSORS.filter((one) => words.includes(one));
    if (!/^\d+\.\d+\.\d+$/.test(version) || os.length === 0 || cpu.length === 0)
      throw new Error(
        `package-lock.json lacks ${name} ${version}, whose platform its name does not tell: add it by hand`,
      );
    const entry = { version, cpu, ...(dev ? { dev } : {}), optional: true, os };
    return [`node_modules/${name}`, entry] as const;
  });
  const packages = Object.entries({ ...lock.packages, ...Object.fromEntries(added) });
  return { ...lock, packages: Object.fromEntries(packages.sort(([a], [b]) => a.localeCompare(b, "en"))) };
}
