import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { isDeepStrictEqual } from 'node:util'

import { type Command, InvalidArgumentError, Option } from 'commander'

import type { components, operations } from '../../../../contract/hub.d.ts'
import type { DraftContent, Fixtures } from '../../../../modules/hospitals/index.ts'
import { pathOf, Unusable } from '../../channel/files.ts'
import { dataOption, sandboxIn } from '../../events/connection.ts'
import {
  type ApiAnswer,
  createApiClient,
  type Session,
  SignInRefused,
} from '../../simulate/api-client.ts'
import { Refused } from './words.ts'

type AnswerOf<Name extends keyof operations> = operations[Name] extends {
  responses: { 200: { content: { 'application/json': infer T } } }
}
  ? T
  : never
type BodyOf<Name extends keyof operations> = operations[Name] extends {
  requestBody: { content: { 'application/json': infer T } }
}
  ? T
  : never

export type Standing = AnswerOf<'getOnboarding'>
export type Step = components['schemas']['OnboardingStep']
type MappedPage = AnswerOf<'listOnboardingDepartments'>
export type Mapped = MappedPage['items'][number]
export type Terms = Omit<BodyOf<'putOnboardingForward'>, 'version'>
type Draft = components['schemas']['OnboardingDraft']
type Kept = Omit<Draft, 'version' | 'actor' | 'at'>

export type DeskOptions = {
  hub?: string
  hospital?: string
  login?: string
  passwordFile?: string
  data?: string
}

/** Which hub, which hospital, and as whom. */
const deskOptions = (): Option[] => [
  new Option('--hub <url>', 'where the hub is; left out: the demo that runs here').env(
    'YIQIAO_HUB_URL',
  ),
  new Option('--hospital <id>', 'the number of the hospital').argParser(wholeNumber),
  new Option('--login <name>', 'of somebody of the hospital’s IT').env('YIQIAO_LOGIN'),
  new Option('--password-file <file>', 'holds the password; left out: YIQIAO_PASSWORD'),
  dataOption(),
]

export const withDesk = (command: Command): Command =>
  deskOptions().reduce((all, option) => all.addOption(option), command)

function wholeNumber(text: string): string {
  if (/^[1-9]\d{0,8}$/.test(text)) return text
  throw new InvalidArgumentError('A whole number from 1 on.')
}

/** A seat at the hub’s onboarding of one hospital. */
export type Desk = Awaited<ReturnType<typeof openDesk>>

/** Errors: Unusable for what was not given, a hub that does not answer and a login that it refuses. */
export async function openDesk(options: DeskOptions) {
  const { hospital, login } = options
  const hubUrl = (options.hub ?? sandboxIn(options.data).hubUrl ?? '').replace(/\/$/, '')
  if (hubUrl === '') throw new Unusable('no hub: give --hub, or start one with "bin/yiqiao up"')
  if (hospital === undefined) throw new Unusable('--hospital <id> is missing')
  if (login === undefined) throw new Unusable('--login <name> is missing')
  const session = await signedIn(hubUrl, login, passwordOf(options))
  const seat = { session, root: `/v1/hospitals/${hospital}/onboarding` }
  return {
    hospital,
    standing: () => standingAt(seat),
    ...createKeeping(seat),
    ...createTrying(seat),
    ...createGoingLive(seat, hospital),
  }
}

type Seat = { session: Session; root: string }

const standingAt = ({ session, root }: Seat): Promise<Standing> => asked(session.get(root))

const stepAt = ({ session, root }: Seat, path: string, body: object): Promise<Step> =>
  asked(session.send(`${root}/${path}`, body))

async function asked<T>(answering: Promise<ApiAnswer<T>>): Promise<T> {
  const answer = await answering
  if (answer.ok) return answer.body
  throw new Refused(answer)
}

function createKeeping(seat: Seat) {
  const { session, root } = seat
  return { keep, mustBe }

  /** The newest version, after this content was saved where it is another one. */
  async function keep(content: DraftContent, mustSave: boolean) {
    const { draft } = await standingAt(seat)
    if (draft && !mustSave && isSame(draft, content)) {
      return { version: draft.version, isNew: false }
    }
    const body = { ...content, after: draft?.version ?? 0 }
    const { version } = await asked(session.send<Draft>(root, body))
    return { version, isNew: true }
  }

  /** The newest version, when it is this content. Errors: Unusable when it is not. */
  async function mustBe(content: DraftContent): Promise<number> {
    const { draft } = await standingAt(seat)
    if (draft && isSame(draft, content)) return draft.version
    throw new Unusable(
      '文件与平台所存不同，请先运行 check / the hub keeps another content than this file: run "bin/yiqiao hospital check" first',
    )
  }
}

function createTrying(seat: Seat) {
  const { session, root } = seat
  return {
    departments,
    probe: (version: number) => stepAt(seat, 'probe', { version }),
    dryRun: (version: number, patient: { idCardNo: string; name: string } | null) =>
      stepAt(seat, 'dry-run', { version, patient }),
    conformance,
  }

  async function departments(): Promise<Mapped[]> {
    const all: Mapped[] = []
    let query = ''
    for (let pages = 0; pages < MOST_PAGES; pages++) {
      const page = await asked(session.get<MappedPage>(`${root}/departments${query}`))
      all.push(...page.items)
      if (page.next === null) return all
      query = `?after=${encodeURIComponent(page.next)}`
    }
    throw new Unusable(`more than ${MOST_PAGES} pages of departments`)
  }

  /** Begins a run of the kit and waits for its end. Errors: as the hub’s; Unusable when its report was not kept. */
  async function conformance(
    version: number,
    fixtures: Fixtures,
    onProgress: (progress: NonNullable<Standing['running']>) => void,
  ): Promise<Step> {
    const before = lastOf(await standingAt(seat), version)?.no ?? 0
    await asked(session.send(`${root}/conformance`, { version, fixtures }))
    // A report is kept before its run is over, so that whoever sees no run sees the report when looking again.
    let wasOver = false
    for (let looks = 0; looks < MOST_LOOKS; looks++) {
      await sleep(LOOK_MS)
      const now = await standingAt(seat)
      const last = lastOf(now, version)
      if (last && last.no > before) return last
      if (now.running) onProgress(now.running)
      else if (wasOver) {
        throw new Unusable('the run ended without a report: somebody saved another version')
      }
      wasOver = now.running === null
    }
    throw new Unusable('the run takes more than an hour: look at it later on the console’s page')
  }
}

function createGoingLive(seat: Seat, hospital: string) {
  return {
    async putForward(version: number, terms: Omit<Terms, 'after'>): Promise<Step> {
      const path = `/v1/hospitals/${hospital}/rollouts`
      const { items } = await asked(seat.session.get<AnswerOf<'listRollouts'>>(path))
      return stepAt(seat, 'put-forward', { version, ...terms, after: items[0]?.version ?? 0 })
    },
    goLive: (version: number, sha256: string) => stepAt(seat, 'go-live', { version, sha256 }),
  }
}

const LOOK_MS = 500
const MOST_LOOKS = 7_200
const MOST_PAGES = 50

const lastOf = ({ steps }: Standing, version: number): Step | undefined =>
  steps.findLast((step) => step.kind === 'conformance' && step.version === version)

/** Secrets that are kept already are not compared, as they are never read back. */
function isSame(draft: Kept, content: DraftContent): boolean {
  const shown = Object.fromEntries(
    Object.entries(content.params).filter(([name]) => !draft.secretsKept.includes(name)),
  )
  const { productName, product, departments, codes } = draft
  const kept = { productName, product, params: draft.params, departments, codes }
  return isDeepStrictEqual(kept, { ...content, params: shown })
}

async function signedIn(hubUrl: string, login: string, password: string): Promise<Session> {
  const client = createApiClient(hubUrl, { duringOperation: (work) => work() })
  try {
    return await client.signIn('console', login, password)
  } catch (error) {
    if (error instanceof SignInRefused) throw new Unusable(error.message)
    throw new Unusable(`${hubUrl} 没有应答 / does not answer: is the hub there?`)
  }
}

function passwordOf({ passwordFile }: DeskOptions): string {
  const password =
    passwordFile === undefined
      ? process.env['YIQIAO_PASSWORD']
      : readFileSync(pathOf(passwordFile), 'utf8').trimEnd()
  if (password) return password
  throw new Unusable('no password: set YIQIAO_PASSWORD, or give --password-file')
}
