import { writeFileSync } from 'node:fs'

import { parse } from 'yaml'

import { mustReadProduct } from '../../../../adapters/hospitals/declarative/index.ts'
import { pathOf, readText, Unusable } from '../../channel/files.ts'
import { step } from '../../progress.ts'
import { type Desk, type DeskOptions, openDesk } from './desk.ts'
import { readReview, type Review, withDepartments } from './review.ts'
import { codeLines, departmentLines, lackingLines, triedLines } from './show.ts'

export type CheckOptions = DeskOptions & {
  secrets?: string
  replaceSecrets?: boolean
  patient?: string
  acceptProposals?: boolean
  json?: boolean
}

/** What only the kit and the two persons can add. */
const LATER = new Set(['no_conformance', 'conformance_failed'])

/**
 * Looks at the file, and with a hospital keeps it at the hub and tries the system: probe, departments, dry run. The exit
 * code is 0 when nothing is lacking but the run of the kit.
 */
export async function checkReview(file: string, options: CheckOptions): Promise<number> {
  const review = readReview(file, options.secrets)
  const {
    name,
    version,
    operations,
    parameters,
    codes = {},
  } = mustReadProduct(review.content.product)
  const offered = Object.keys(operations).length
  const strange = Object.keys(review.content.codes).some((table) => !Object.hasOwn(codes, table))
  const aboutFile = [
    `✓ ${file}: ${name} ${version}, ${offered} operations, ${parameters.length} parameters`,
    ...(review.secretsMissing.length === 0
      ? []
      : [`– 未给密钥 secrets not given: ${review.secretsMissing.join(', ')}`]),
    ...codeLines(codes, review.content.codes),
  ]
  if (options.hospital === undefined) {
    print(options.json ? JSON.stringify({ name, version, offered }) : aboutFile.join('\n'))
    return strange ? 1 : 0
  }
  const desk = await openDesk(options)
  if (!options.json) print(aboutFile.join('\n'))
  const tried = await tryAt(desk, file, review, options)
  if (options.json) print(JSON.stringify(tried, null, 2))
  return strange || tried.lacking.some(({ code }) => !LATER.has(code)) ? 1 : 0
}

async function tryAt(desk: Desk, file: string, review: Review, options: CheckOptions) {
  const tell = (lines: readonly string[]) => (options.json ? undefined : print(lines.join('\n')))
  let kept = await step('save', () => desk.keep(review.content, options.replaceSecrets ?? false))
  let probe = await step('probe', () => desk.probe(kept.version))
  let departments = await desk.departments()
  const chosen = options.acceptProposals ? firstProposals(departments) : {}
  if (Object.keys(chosen).length > 0) {
    writeFileSync(pathOf(file), withDepartments(readText(file), chosen))
    const mapped = { ...review.content.departments, ...chosen }
    const content = { ...review.content, departments: mapped }
    kept = await step('save the mapping', () => desk.keep(content, false))
    probe = await step('probe', () => desk.probe(kept.version))
    departments = await desk.departments()
    tell([`✎ ${file}: ${Object.keys(chosen).length} departments taken as proposed; look at them`])
  }
  tell([`✓ version ${kept.version} ${kept.isNew ? 'saved' : 'as it was kept'}`])
  tell([...triedLines(probe), ...departmentLines(departments)])
  const dryRun = probe.isGood
    ? await step('dry run', () => desk.dryRun(kept.version, patientIn(options.patient)))
    : null
  if (dryRun) tell(triedLines(dryRun))
  const { lacking } = await desk.standing()
  tell(
    lacking.length === 0
      ? ['✓ 可以提请上线 nothing is lacking']
      : ['上线前还差 lacking before it goes live:', ...lackingLines(lacking)],
  )
  return { version: kept.version, probe, departments, dryRun, lacking }
}

const firstProposals = (all: Awaited<ReturnType<Desk['departments']>>): Record<string, string> =>
  Object.fromEntries(
    all.flatMap(({ code, mappedTo, proposals: [first] }): [string, string][] =>
      mappedTo === null && first ? [[code, first.subjectCode]] : [],
    ),
  )

function patientIn(file: string | undefined): { idCardNo: string; name: string } | null {
  if (file === undefined) return null
  const value = parse(readText(file)) as { idCardNo?: unknown; name?: unknown } | null
  const { idCardNo, name } = value ?? {}
  if (typeof idCardNo === 'string' && typeof name === 'string') return { idCardNo, name }
  throw new Unusable(`${file} must hold idCardNo and name, as texts`)
}

const print = (text: string): void => void process.stdout.write(`${text}\n`)
