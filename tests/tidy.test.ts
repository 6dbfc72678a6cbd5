import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

import { describe, expect, it } from 'vitest'

// What a reviewer would otherwise have to say again and again, and no linter knows. Each rule on
// lines carries an offence it must find and a line it must leave alone, tried below on every run.

const ROOT = join(import.meta.dirname, '..')
const NOT_OURS = new Set(['.git', '.cache', '.data', 'dist', 'node_modules', 'package-lock.json'])
const TEXT = /\.(ts|tsx|js|cjs|mjs|json|md|sql|css|html|sh|ya?ml|txt)$|(^|\/)[^.]+$/
const CODE = /\.(ts|tsx|cjs|mjs|sql|css|sh)$/
const GENERATED = /^contract\/hub\.|\.gen\./
const TEST = /\.test\.tsx?$|(^|\/)testing\/|^tests\//
const STORE = /^modules\/[^/]+\/store[^/]*\.ts$|^modules\/.+-store\.ts$/
const THIS = 'tests/tidy.test.ts' // names what it refuses

const files = filesUnder('')
// The invariants are questions to a running database, and change nothing.
const migrations = files.filter(
  (path) => path.endsWith('.sql') && !path.startsWith('apps/cli/invariants/sql/'),
)
const modules = readdirSync(join(ROOT, 'modules'))

const inside = (...folders: string[]) => {
  const pattern = new RegExp(`^(${folders.join('|')})/.+\\.tsx?$`)
  return (path: string) => pattern.test(path) && !TEST.test(path)
}

const OUR_TIME = inside('kernel', 'platform', 'modules', 'adapters', 'apps/simulators')
const LIVE = 'the same for the outside world, which shares nothing with the hub'
const MACHINE = 'the one file that reads the machine, so that all others are handed what they need'

const RULES: Rule[] = [
  {
    rule: 'now comes from a Clock',
    where: OUR_TIME,
    pattern: /new Date\(\s*\)|\bnew Date\b(?!\s*\()|\bDate\.now\b/,
    except: { 'platform/system.ts': MACHINE, 'apps/simulators/kit/live.ts': LIVE },
    offence: 'const at = new Date()',
    innocent: 'const at = new Date(Date.parse(text))',
  },
  {
    rule: 'a duration is a difference of two moments of the Clock',
    where: inside('kernel', 'modules', 'adapters', 'apps/simulators'),
    pattern: /\bperformance\.now\b|\bhrtime\b/,
    offence: 'const startedMs = performance.now()',
    innocent: 'const startedAt = clock.now()',
  },
  {
    rule: 'a time of the business is a due_at, not a timer',
    where: inside('kernel', 'modules'),
    pattern: /\bset(Timeout|Interval|Immediate)\b/,
    offence: 'setTimeout(() => retry(), 5_000)',
    innocent: 'const dueAt = addMs(clock.now(), 5_000)',
  },
  {
    rule: 'chance comes from a Random',
    where: OUR_TIME,
    pattern: /Math\.random|\brandom(UUID|Bytes|Int|Fill|FillSync)\b|getRandomValues|from 'uuid'/,
    except: {
      'platform/system.ts': MACHINE,
      'kernel/id.ts': 'makes a UUIDv7 of the Clock and the Random it is handed',
      'platform/postgres/cluster.ts':
        'makes the password of a new server, for no simulation to see',
      'apps/simulators/kit/live.ts': LIVE,
    },
    offence: "import { randomUUID } from 'node:crypto'",
    innocent: 'const nonce = randomHex(random, 16)',
  },
  {
    rule: 'configuration comes in by parameters',
    where: OUR_TIME,
    pattern: /process\.env\b/,
    except: { 'platform/config.ts': MACHINE },
    offence: 'const url = process.env.DATABASE_URL',
    innocent: 'const { url } = config',
  },
  {
    rule: 'money is never a float',
    where: OUR_TIME,
    pattern: /\bparseFloat\b|\.toFixed\(/,
    offence: 'const yuan = (amount / 100).toFixed(2)',
    innocent: 'const yuan = toYuanText(amount)',
  },
  {
    rule: 'times and random values reach SQL as parameters',
    where: (path) => path.endsWith('.sql') || (STORE.test(path) && !TEST.test(path)),
    pattern: new RegExp(
      String.raw`(?<![.\w])(now|random|clock_timestamp|statement_timestamp|transaction_timestamp` +
        String.raw`|gen_random_uuid|uuid_generate_v\d\w*|timeofday)\(\s*\)` +
        String.raw`|\b(current_timestamp|current_time|current_date|localtimestamp)\b`,
      'i',
    ),
    offence: 'created_at timestamptz not null default now(),',
    innocent: 'created_at: clock.now(),',
  },
  {
    rule: 'invariants are checks, keys and privileges, never triggers',
    where: (path) => path.endsWith('.sql'),
    pattern: /\bcreate\s+(or\s+replace\s+)?(constraint\s+)?trigger\b|\breturns\s+trigger\b/i,
    offence: 'CREATE CONSTRAINT TRIGGER balances AFTER INSERT ON ledger.line',
    innocent: 'constraint line_balances check (debit_account <> credit_account)',
  },
  {
    rule: 'what is left to do is an issue, not a comment',
    where: (path) => path !== THIS,
    pattern: /\b(TODO|FIXME|XXX)\b/,
    withComments: true,
    offence: '// TODO ask again',
    innocent: '// What is left is asked again.',
  },
  {
    rule: 'no path of the machine it was written on',
    where: (path) => path !== THIS,
    pattern: /(^|[\s'"`(=:,[>])\/(work|root)\//,
    withComments: true,
    offence: 'see `/work/notes.md`',
    innocent: 'POST https://bank.example/work/orders, or modules/work/',
  },
  {
    rule: 'a temporary file is named by the system',
    where: (path) => path !== THIS && !TEST.test(path),
    pattern: /(^|[\s'"`(=:,[>])\/tmp\//,
    withComments: true,
    offence: "const path = '/tmp/bill.csv'",
    innocent: "const path = join(tmpdir(), 'bill.csv')",
  },
  {
    rule: 'the text speaks of the system, not of how it was written',
    where: (path) => path !== THIS,
    pattern:
      /\b(claude|anthropic|openai|chatgpt|copilot|LLMs?|language model|sub-?agents?|(coding|working) session|session of (work|(the|this) project))\b|\bAI[- ](generated|written)/i,
    withComments: true,
    offence: 'left for a later session of the project',
    innocent: 'one number of one session of one doctor; every session of that person ends',
  },
]

describe.each(RULES)(
  '$rule',
  ({ where, pattern, except = {}, withComments, offence, innocent }) => {
    it('holds everywhere', () => {
      const paths = files.filter((path) => where(path) && !(path in except))
      expect(linesMatching(paths, pattern, withComments)).toEqual([])
    })

    it('finds its offence and leaves its innocent line alone', () => {
      expect(offence).toMatch(pattern)
      expect(innocent).not.toMatch(pattern)
    })
  },
)

describe.each(modules)('module %s', (name) => {
  it('has a door, and a page of at most 40 lines that says what it is', () => {
    expect(existsSync(join(ROOT, `modules/${name}/index.ts`))).toBe(true)
    expect(linesOf(`modules/${name}/README.md`).length).toBeLessThanOrEqual(40)
  })

  it('names no other module’s schema in its SQL', () => {
    const own = files.filter((path) => path.startsWith(`modules/${name}/`) && !TEST.test(path))
    const sql = own.filter((path) => /\.(sql|ts)$/.test(path))
    expect(linesMatching(sql, schemaOf(modules.filter((other) => other !== name)))).toEqual([])
  })
})

it('the search for foreign schemas sees plain SQL and the query builder', () => {
  const pattern = schemaOf(['ledger'])
  for (const offence of [
    'left join ledger.account a on a.id = x.id',
    'references ledger.entry (hospital_id, id)',
    "tx.selectFrom('ledger.account as a')",
    'INSERT INTO "ledger".entry',
  ]) {
    expect(offence).toMatch(pattern)
  }
  expect("publish(tx, 'ledger.posted', from(ledger).entry)").not.toMatch(pattern)
})

it('every migration lies with its owner, named by its moment and its subject', () => {
  const moment = String.raw`20\d\d(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])-([01]\d|2[0-3])[0-5]\d`
  const path = new RegExp(`^(modules/[^/]+|platform)/migrations/${moment}(-[a-z0-9]+)+\\.sql$`)
  expect(migrations.filter((migration) => !path.test(migration))).toEqual([])
  const names = migrations.map((migration) => migration.split('/').at(-1))
  expect(names.filter((name, i) => names.indexOf(name) !== i)).toEqual([])
})

it('every migration begins by saying what its tables are for', () => {
  expect(migrations.filter((path) => !/^-- \S/.test(textOf(path)))).toEqual([])
})

it('no file of code is longer than 400 lines', () => {
  const ours = files.filter((path) => CODE.test(path) && !GENERATED.test(path))
  expect(ours.filter((path) => linesOf(path).length > 400)).toEqual([])
})

it('every relative link of a page leads somewhere', () => {
  const pages = files.filter((path) => path.endsWith('.md'))
  const broken = pages.flatMap((page) =>
    linksOf(textOf(page))
      .filter((link) => !existsSync(join(ROOT, dirname(page), link)))
      .map((link) => `${page}: ${link}`),
  )
  expect(broken).toEqual([])
})

it('every path that the first pages name is there', () => {
  const pages = ['README.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md']
  const missing = pages.flatMap((page) =>
    pathsOf(textOf(page))
      .filter((path) => !existsSync(join(ROOT, path)))
      .map((path) => `${page}: ${path}`),
  )
  expect(missing).toEqual([])
})

it('no test keeps out the others, and none is kept from running without a reason beside it', () => {
  const tests = files.filter((path) => path !== THIS && /\.test\.tsx?$/.test(path))
  expect(tests.flatMap((path) => skipsIn(textOf(path)).map((line) => `${path}:${line}`))).toEqual(
    [],
  )

  const reasoned = [
    '// A browser that CI has.',
    "it.skipIf(!chromium)('pays', pay)",
    'it.skip(a) // flaky',
  ]
  expect(skipsIn(reasoned.join('\n'))).toEqual([])
  expect(
    skipsIn("describe('x', () => {\n  it.skip('pays', pay)\n})\n// why\nit.only('pays', pay)"),
  ).toEqual([2, 5])
})

it('the search for links and paths reads a page as people do', () => {
  const page =
    'See [a](docs/a.md#top), [b](https://b.example), [c](#c), `modules/x/y.ts`, `modules/<name>/`.'
  expect(linksOf(page)).toEqual(['docs/a.md'])
  expect(pathsOf(page)).toEqual(['modules/x/y.ts'])
})

describe('words for errors', () => {
  const sources = files.filter((path) => inside('modules', 'platform')(path))

  it('the codes of every defineErrors can be read', () => {
    const unread = sources.filter((path) => {
      const source = withoutComments(path)
      return definitionsIn(source).length !== (source.match(/\bdefineErrors\(/g) ?? []).length
    })
    expect(unread).toEqual([])
  })

  const locales = 'apps/web/locales'

  // Before there is a web app there are no words; once the folder exists, every code has them.
  it.runIf(existsSync(join(ROOT, locales)))('every error code has words in both languages', () => {
    const codes = sources.flatMap((path) => definitionsIn(withoutComments(path)).flat())
    const zh = wordsIn(`${locales}/zh-CN/errors.json`)
    const en = wordsIn(`${locales}/en/errors.json`)
    expect(codes.filter((code) => !/\p{Script=Han}/u.test(zh[code] ?? ''))).toEqual([])
    expect(codes.filter((code) => !/^[^\p{Script=Han}]*[a-z]/iu.test(en[code] ?? ''))).toEqual([])
    expect(Object.keys(zh).toSorted()).toEqual(Object.keys(en).toSorted())
  })

  it('reads codes and words in the forms they are written in', () => {
    const source =
      "export const e = defineErrors('bills', {\n  not_found: 'not_found',\n  'void': 'conflict',\n})"
    expect(definitionsIn(source)).toEqual([['bills.not_found', 'bills.void']])
    expect(flatten({ bills: { void: 'a' }, 'http.failed': 'b' })).toEqual({
      'bills.void': 'a',
      'http.failed': 'b',
    })
  })
})

/** Each line that matches, as "file:line: text", so that the failure says where to look. */
function linesMatching(paths: string[], pattern: RegExp, withComments = false): string[] {
  return paths.flatMap((path) =>
    (withComments ? textOf(path) : withoutComments(path))
      .split('\n')
      .flatMap((text, i) => (pattern.test(text) ? [`${path}:${i + 1}: ${text.trim()}`] : [])),
  )
}

/** SQL, or a call of the query builder, that names a table of one of these schemas. */
function schemaOf(schemas: string[]): RegExp {
  const table = String.raw`["']?(${schemas.join('|')})["']?\.["']?\w`
  const sql = String.raw`\b(from|join|into|update|references|table|truncate|using)\s+(only\s+)?${table}`
  const builder = String.raw`\b(selectFrom|insertInto|updateTable|deleteFrom|mergeInto|using|\w+Join)\(\s*${table}`
  return new RegExp(`${sql}|${builder}`, 'i')
}

/** The numbers of the lines that skip a test with no comment on or above them, or run it alone. */
function skipsIn(source: string): number[] {
  const lines = source.split('\n')
  return lines.flatMap((line, i) => {
    if (!/\b(it|test|describe|suite)(\.\w+)*\.(only|skip|skipIf|runIf|todo|fails)\b/.test(line))
      return []
    const hasReason = /\/\/ \S/.test(line) || /^\s*\/\/ \S/.test(lines[i - 1] ?? '')
    return hasReason && !/\.only\b/.test(line) ? [] : [i + 1]
  })
}

/** The targets of Markdown links that are files of this repository, without their anchors. */
function linksOf(page: string): string[] {
  return [...page.replaceAll(/^```[\s\S]*?^```/gm, '').matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target = '']) => target.replace(/#.*$/, ''))
    .filter((target) => target !== '' && !/^[a-z]+:/.test(target))
}

/** What stands in backticks and begins like a path of ours; patterns with <, {, * or … are not paths. */
function pathsOf(page: string): string[] {
  const top = '(?:kernel|platform|modules|adapters|apps|contract|tests|docs|bin)'
  const pattern = new RegExp(`\`(${top}/[^\`\\s<>{}*…]*)\``, 'g')
  return [...page.matchAll(pattern)].map(([, path = '']) => path)
}

/** One list of full codes for each defineErrors call of a file. */
function definitionsIn(source: string): string[][] {
  const calls = source.matchAll(/\bdefineErrors\(\s*'([\w-]+)'\s*,\s*\{([^{}]*)\}/g)
  return [...calls].map(([, owner = '', body = '']) =>
    [...body.matchAll(/['"]?([\w-]+)['"]?\s*:/g)].map(([, name = '']) => `${owner}.${name}`),
  )
}

function wordsIn(path: string): Record<string, string> {
  return flatten(JSON.parse(textOf(path)) as Words)
}

/** { payments: { void: 'x' } } and { 'payments.void': 'x' } are the same words. */
function flatten(words: Words, prefix = ''): Record<string, string> {
  return Object.fromEntries(
    Object.entries(words).flatMap(([key, value]): [string, string][] =>
      typeof value === 'string'
        ? [[prefix + key, value]]
        : Object.entries(flatten(value, `${prefix}${key}.`)),
    ),
  )
}

/** The text with comments blanked out, line by line, so that line numbers stay. */
function withoutComments(path: string): string {
  const text = textOf(path)
  if (path.endsWith('.sql')) return text.replaceAll(/--.*$/gm, '')
  return text
    .replaceAll(/\/\*[\s\S]*?\*\//g, (comment) => comment.replaceAll(/[^\n]/g, ''))
    .replaceAll(/(^|\s)\/\/.*$/gm, '$1')
}

function textOf(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8')
}

function linesOf(path: string): string[] {
  return textOf(path).trimEnd().split('\n')
}

/** Every text file of the repository, as a path from its root. */
function filesUnder(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { withFileTypes: true })
    .filter((entry) => !NOT_OURS.has(entry.name))
    .flatMap((entry) => {
      const path = join(folder, entry.name)
      if (entry.isDirectory()) return filesUnder(path)
      return entry.isFile() && TEXT.test(path) ? [path] : []
    })
}

type Rule = {
  rule: string
  where: (path: string) => boolean
  pattern: RegExp
  /** Files that may, each with the reason. */
  except?: Record<string, string>
  withComments?: boolean
  offence: string
  innocent: string
}
type Words = { [key: string]: string | Words }
