import type { Browser, Page } from 'playwright-core'
import { expect } from 'vitest'

import type { components, operations } from '../../contract/hub.d.ts'
import { addDays, businessDateOf, instantAt } from '../../kernel/time.ts'
import { systemClock, systemRandom } from '../../platform/system.ts'
import { IN_SHANGHAI } from '../setup/browser.ts'
import { type Sandbox, startSandbox } from '../setup/sandbox.ts'

// The demo region as a newcomer starts it, and its last hospital, whose numbers the hub keeps: sessions that a test
// says, over the hospital's own routes, and the phones of the people of the demo.

export const HOSPITAL = 3
export const WALLET_PASSWORD = '123456'
const PHONE = { width: 390, height: 844 }

type Session = components['schemas']['BookingSession']
type Appointment = components['schemas']['BookingAppointment']
type BodyOf<Name extends keyof operations> = operations[Name] extends {
  requestBody: { content: { 'application/json': infer Body } }
}
  ? Body
  : never
type Rules = BodyOf<'changeBookingRules'>['rules']

type SessionWish = {
  doctor: string
  /** From today. */
  days: number
  feeFen: number
  total: number
  department?: string
  endsAt?: Date
}

export type ClinicBed = Awaited<ReturnType<typeof openClinicBed>>

/** Rules under which a number is free again at once, and may be cancelled on the very day. */
const EASY: Partial<Rules> = {
  returnMinutes: { least: 0, most: 0 },
  cancel: { daysBefore: 0, until: '23:59:59' },
  caps: { perDay: 9, perWeek: 9, perQuarter: 50, perDeviceADay: 99, perPhoneADay: 99 },
}

export async function openClinicBed() {
  const sandbox = await startSandbox()
  const api = await apiOf(sandbox)
  let made = 0
  const bed = {
    hubUrl: sandbox.hubUrl,
    api,
    stop: () => sandbox.stop(),
    /** The day after so many from today. */
    day: (days: number) => addDays(businessDateOf(systemClock.now()), days),
    async rules(change: Partial<Rules>): Promise<void> {
      const path = `/v1/hospitals/${HOSPITAL}/booking/rules`
      const { version, rules } = await api.staff<{ version: number; rules: Rules }>('it', path)
      const body = { after: version, rules: { ...rules, ...EASY, ...change } }
      await api.staff('it', path, { method: 'PUT', body })
    },
    /** A doctor nobody else is, in the morning. */
    session(wish: SessionWish) {
      const businessDate = bed.day(wish.days)
      const body = {
        department: { code: wish.department ?? '睡眠门诊', name: wish.department ?? '睡眠门诊' },
        doctor: { code: `T${(made += 1)}`, name: wish.doctor },
        clinic: '专家',
        location: '门诊楼 5 层 A 区',
        businessDate,
        period: 'morning',
        startsAt: instantAt(businessDate, '08:00:00').toISOString(),
        endsAt: (wish.endsAt ?? instantAt(businessDate, '12:00:00')).toISOString(),
        feeFen: wish.feeFen,
        total: wish.total,
        quotas: [],
      }
      const path = `/v1/hospitals/${HOSPITAL}/booking/sessions`
      return api.staff<Session>('it', path, { method: 'POST', body })
    },
    /** A number for somebody at the window, where no work is asked for. */
    async atWindow(label: string, { id: sessionId }: Session) {
      const path = `/v1/hospitals/${HOSPITAL}/appointments`
      const { personId } = await api.patient<components['schemas']['PersonMe']>(label, '/v1/me')
      const body = { personId, sessionId, source: 'window' }
      return api.staff<Appointment>('it', path, { method: 'POST', body })
    },
    pathOf: ({ id }: Session) => `/patient/book/${HOSPITAL}/${id}`,
  }
  await bed.rules({})
  return bed
}

/** The phone of one of the demo's people, by a word of their label. */
export async function phoneOf(
  browser: Browser,
  { hubUrl, api }: Pick<ClinicBed, 'hubUrl' | 'api'>,
  label: string,
): Promise<Page> {
  const context = await browser.newContext({ ...IN_SHANGHAI, viewport: PHONE, hasTouch: true })
  const data = await api.credentials('patient', label)
  const headers = { 'x-yiqiao-app': 'patient' }
  const answer = await context.request.post(`${hubUrl}/v1/sessions`, { headers, data })
  expect(answer.ok(), `${label} signs in: ${answer.status()}`).toBe(true)
  await context.addInitScript(`localStorage.setItem('yiqiao.patient.session', 'yes')`)
  return context.newPage()
}

/** Nothing to scroll sideways on a phone. */
export const expectNarrow = async (page: Page): Promise<void> =>
  expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBe(PHONE.width)

type Ask = { method?: string; body?: unknown }

/** The hub's routes as staff and as patients of the demo ask them. */
async function apiOf({ hubUrl }: Sandbox) {
  const listed = await fetch(`${hubUrl}/v1/demo/personas`)
  const personas = (await listed.json()) as {
    items: components['schemas']['DemoPersona'][]
  }
  const cookies = new Map<string, string>()
  return { credentials, staff, patient }

  async function credentials(app: 'patient' | 'console', label: string) {
    const found = personas.items.find((one) => one.app === app && one.label.zh.includes(label))
    if (!found) throw new Error(`nobody in the demo is called ${label}`)
    return { app, login: found.login, password: found.password }
  }

  async function staff<T>(role: string, path: string, ask: Ask = {}): Promise<T> {
    const { password } = await credentials('patient', '自费')
    return send<T>({ app: 'console', login: `${role}${HOSPITAL}`, password }, path, ask)
  }

  async function patient<T>(label: string, path: string, ask: Ask = {}): Promise<T> {
    return send<T>(await credentials('patient', label), path, ask)
  }

  async function send<T>(who: Who, path: string, { method = 'GET', body }: Ask): Promise<T> {
    const cookie = cookies.get(who.login) ?? (await signIn(who))
    const answer = await fetch(hubUrl + path, {
      method,
      headers: {
        cookie,
        'x-yiqiao-app': who.app,
        'idempotency-key': Buffer.from(systemRandom.bytes(16)).toString('hex'),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`)
    return (await answer.json()) as T
  }

  async function signIn(who: Who): Promise<string> {
    const answer = await fetch(`${hubUrl}/v1/sessions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-yiqiao-app': who.app },
      body: JSON.stringify(who),
    })
    const set = answer.headers.getSetCookie().map((cookie) => cookie.split(';')[0])
    cookies.set(who.login, set.join('; '))
    return set.join('; ')
  }
}

type Who = { app: 'patient' | 'console'; login: string; password: string }
