import { AppError } from '../../kernel/error.ts'
import type { HospitalId } from '../../kernel/id.ts'
import type { createBilling } from '../../modules/billing/index.ts'
import type { Identity } from '../../modules/identity/index.ts'
import type { PersonIndex } from '../../modules/person-index/index.ts'
import type { Events } from '../../platform/events.ts'

type Dependencies = {
  identity: Pick<Identity, 'personsNumbered'>
  personIndex: Pick<PersonIndex, 'propose'>
  billing: Pick<ReturnType<typeof createBilling>, 'openBills'>
}

type Notice = Events['hospitals.notice_heard']

/**
 * What the hub does about a hospital's notice besides telling applications. A notice is a reason to look and is never
 * believed: bills are read again, and two files that were one person are proposed for staff to decide.
 */
export const createHeardNotices = (dependencies: Dependencies) => ({
  onNoticeHeard: async ({ hospitalId, kind, noticeNo, about }: Notice): Promise<void> => {
    switch (kind) {
      case 'bill.opened':
      case 'bill.changed':
        return readBillsAgain(dependencies, hospitalId, about as { patientNo: string })
      case 'patient.merged':
        return proposeLink(dependencies, hospitalId, { noticeNo, ...(about as Merged) })
    }
  },
})

/** So that what is shown while the hospital is silent is what it last had. Silence is no failure here. */
async function readBillsAgain(
  { identity, billing }: Dependencies,
  hospitalId: HospitalId,
  { patientNo }: { patientNo: string },
): Promise<void> {
  for (const personId of await identity.personsNumbered(hospitalId, patientNo)) {
    await billing.openBills(hospitalId, personId)
  }
}

type Merged = { patientNo: string; mergedPatientNo: string }

/** Nobody is linked by it: a member of staff decides, and whatever the region knows of the two is said there. */
async function proposeLink(
  { identity, personIndex }: Dependencies,
  hospitalId: HospitalId,
  { noticeNo, patientNo, mergedPatientNo }: Merged & { noticeNo: string },
): Promise<void> {
  const [survivors, merged] = await Promise.all(
    [patientNo, mergedPatientNo].map((number) => identity.personsNumbered(hospitalId, number)),
  )
  const [survivorId] = survivors ?? []
  const [personId] = merged ?? []
  if (survivorId === undefined || personId === undefined || survivorId === personId) return
  const act = {
    kind: 'link' as const,
    personId,
    survivorId,
    reason: `the hospital's file, ${noticeNo}`,
  }
  const actor = { name: `his:${hospitalId}`, requestId: null }
  await personIndex.propose(hospitalId, act, actor).catch(nothingToPropose)
}

/** It is proposed, done or decided otherwise already: what two persons said stays. */
function nothingToPropose(error: unknown): void {
  if (!(error instanceof AppError && SETTLED.has(error.code))) throw error
}

const SETTLED = new Set([
  'person_index.act_proposed',
  'person_index.known_as_separate',
  'identity.already_linked',
  'identity.link_circular',
])
