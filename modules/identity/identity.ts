import type { NewId } from '../../kernel/id.ts'
import type { Random } from '../../kernel/random.ts'
import { addMs, type Clock, DAY_MS } from '../../kernel/time.ts'
import type { Db } from '../../platform/db.ts'
import type { Seal } from '../../platform/seal.ts'
import { createApiKeys } from './api-keys.ts'
import { createArrivals } from './arrivals.ts'
import { createFacts } from './facts.ts'
import { createLinks } from './links.ts'
import { createMediaLookUp } from './media-look-up.ts'
import { createMedia } from './media.ts'
import { hashPassword } from './password.ts'
import { createPatientNumbers } from './patient-numbers.ts'
import { createPeople } from './people.ts'
import { createRealNames } from './real-names.ts'
import { createRegistration } from './registration.ts'
import { createSignIn } from './sign-in.ts'
import { createStaff } from './staff.ts'
import { createStepUp } from './step-up.ts'
import { deleteOld, listDemoPersonas, replaceDemoPersonas } from './store-sign-in.ts'
import type { App } from './tables.ts'
import { FORGET_AFTER_MS } from './throttle.ts'

const EXPIRED_SESSIONS_KEPT_MS = 30 * DAY_MS
const PURGE_BATCH = 1_000

export type Identity = ReturnType<typeof createIdentity>

export function createIdentity(dependencies: Dependencies) {
  const { db, clock, random } = dependencies
  return {
    ...createRegistration(dependencies),
    ...createPeople(dependencies),
    ...createMedia(dependencies),
    ...createMediaLookUp(dependencies),
    ...createArrivals(dependencies),
    ...createLinks(dependencies),
    ...createRealNames(dependencies),
    ...createFacts(dependencies),
    ...createPatientNumbers(dependencies),
    ...createStaff(dependencies),
    ...createSignIn(dependencies),
    ...createStepUp(dependencies),
    ...createApiKeys(dependencies),
    hashPassword: (password: string) => hashPassword(random, password),
    purgeExpired,
    saveDemoPersonas,
    demoPersonas,
  }

  /**
   * Forgets sessions that ran out a month ago and failed logins that count no more: up to a thousand of each, so
   * that no lock is held for long. Returns how many; none, and there are no more. To be called now and then.
   */
  function purgeExpired(): Promise<number> {
    const now = clock.now()
    const before = {
      sessionsExpired: addMs(now, -EXPIRED_SESSIONS_KEPT_MS),
      attempted: addMs(now, -FORGET_AFTER_MS),
    }
    return deleteOld(db, before, PURGE_BATCH)
  }

  /** Takes the place of those saved before. For a demo's invented people alone. */
  async function saveDemoPersonas(personas: readonly DemoPersona[]): Promise<void> {
    const rows = personas.map(({ app, login, password, label }, place) => ({
      app,
      login,
      password,
      place,
      label_zh: label.zh,
      label_en: label.en,
    }))
    await db.transaction().execute((tx) => replaceDemoPersonas(tx, rows))
  }

  async function demoPersonas(): Promise<DemoPersona[]> {
    const rows = await listDemoPersonas(db)
    return rows.map(({ app, login, password, label_zh, label_en }) => ({
      app,
      login,
      password,
      label: { zh: label_zh, en: label_en },
    }))
  }
}

export type DemoPersona = {
  app: App
  login: string
  password: string
  /** Who it is and what there is to see: '王小明，心内科门诊，两张待缴费单'. */
  label: { zh: string; en: string }
}

type Dependencies = { db: Db; clock: Clock; random: Random; newId: NewId; seal: Seal }
