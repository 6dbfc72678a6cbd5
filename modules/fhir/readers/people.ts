import { type HospitalId, isId } from '../../../kernel/id.ts'
import { inHospital } from '../../../platform/db.ts'
import { consentsOf, policiesOf } from '../../coverage/index.ts'
import type { MediumKind, PersonFacts, PersonId } from '../../identity/index.ts'
import { maskedFacts } from '../../person-index/index.ts'
import type { Viewer } from '../access.ts'
import type { FhirDependencies } from '../dependencies.ts'
import { OWN } from '../elements.ts'
import { fhirErrors } from '../errors.ts'
import { type ConsentSource, toConsent } from '../resources/consent.ts'
import { toCoverage } from '../resources/coverage.ts'
import { type PatientSource, toPatient } from '../resources/patient.ts'
import type { SearchQuery } from '../search/query.ts'
import { maySee, orNull, pageIn, personIn, type Reader } from './reader.ts'

// People, what pays for them, and what they allowed.

export function patientReader(deps: FhirDependencies): Reader {
  return {
    async read(viewer, id) {
      if (!isId(id) || !(await maySee(deps, viewer, id as PersonId))) return null
      return patientOf(deps, viewer, id as PersonId)
    },
    async page(viewer, query, after, limit) {
      const found = await personByIdentifier(deps, viewer.hospitalId, query)
      if (found === null || !(await maySee(deps, viewer, found))) return []
      const patient = await patientOf(deps, viewer, found)
      return pageIn(patient ? [patient] : [], after, limit)
    },
  }
}

async function patientOf(deps: FhirDependencies, viewer: Viewer, personId: PersonId) {
  const { identity, audit, db } = deps
  const { hospitalId, actor } = viewer
  const [facts] = await identity.factsOf([personId])
  if (!facts) return null
  if (viewer.kind === 'staff') {
    await inHospital(db, hospitalId, (tx) =>
      audit(tx, hospitalId, actor, { action: 'fhir.read_patient', subject: `person:${personId}` }),
    )
  }
  const hospitals = viewer.kind === 'application' ? [] : await identity.hospitalsOf(personId)
  const source: PatientSource = {
    hospitalId,
    person: shownTo(viewer, facts),
    patientNo: hospitals.find((one) => one.hospitalId === hospitalId)?.patientNo ?? null,
    currentPersonId: await identity.currentPersonOf(personId),
  }
  return toPatient(source)
}

/** As the hub's other views have it: their own name in full, staff by role, for an application the masked name alone. */
function shownTo(viewer: Viewer, facts: PersonFacts): PatientSource['person'] {
  switch (viewer.kind) {
    case 'person':
      return { ...maskedFacts(facts, []), name: facts.name, birthDate: facts.birthDate }
    case 'staff':
      return maskedFacts(facts, viewer.roles)
    case 'application':
      return {
        ...maskedFacts(facts, []),
        idNumber: null,
        phone: null,
        address: null,
        birthDate: null,
        gender: 'unknown',
      }
  }
}

const MEDIUM = `${OWN}:medium:`

/** Whom a card, code or number is of. A hospital's card is one of this hospital. Errors: throws fhir.parameter_wrong. */
export async function personByMedium(
  { identity }: Pick<FhirDependencies, 'identity'>,
  hospitalId: HospitalId,
  system: string,
  value: string,
  parameter = 'identifier',
): Promise<PersonId | null> {
  if (!system.startsWith(MEDIUM) || value === '') {
    throw fhirErrors.parameter_wrong({ parameter, rule: 'system' })
  }
  const kind = system.slice(MEDIUM.length) as MediumKind
  const isOfHospital = kind === 'hospital_card' || kind === 'emergency'
  const medium = { kind, value, hospitalId: isOfHospital ? hospitalId : null }
  const resolved = await orNull(identity.resolveMedium(medium), ['invalid', 'not_found'])
  return resolved?.status === 'active' ? resolved.personId : null
}

async function personByIdentifier(
  deps: FhirDependencies,
  hospitalId: HospitalId,
  { wishes }: SearchQuery,
): Promise<PersonId | null> {
  const [wish, ...others] = wishes.get('identifier') ?? []
  const [token, ...alternatives] = wish?.type === 'token' ? wish.any : []
  if (!token || others.length + alternatives.length > 0) {
    throw fhirErrors.parameter_wrong({ parameter: 'identifier', rule: 'one' })
  }
  return personByMedium(deps, hospitalId, token.system ?? '', token.code ?? '')
}

export function coverageReader(deps: FhirDependencies): Reader {
  return {
    async read(viewer, id) {
      if (viewer.kind !== 'person') return null
      const all = await coveragesOf(deps, viewer, viewer.personId)
      return all.find((coverage) => coverage.id === id) ?? null
    },
    async page(viewer, query, after, limit) {
      const personId = await personIn(deps, viewer, query)
      if (personId === null) throw fhirErrors.parameter_missing({ parameter: 'patient' })
      if (personId === 'nobody') return []
      return pageIn(await coveragesOf(deps, viewer, personId), after, limit)
    },
  }
}

/** Policies are the person's own affair: others see that there is public insurance. */
async function coveragesOf(deps: FhirDependencies, viewer: Viewer, personId: PersonId) {
  const { hospitalId } = viewer
  const media = await deps.identity.mediaOf(personId)
  const policies = viewer.kind === 'person' ? await policiesOf(deps.db, personId) : []
  return [
    ...media
      .filter(({ kind, status }) => kind === 'insurance_voucher' && status === 'active')
      .map((voucher) => toCoverage({ kind: 'medical', hospitalId, personId, voucher })),
    ...policies.map((policy) => toCoverage({ kind: 'commercial', hospitalId, personId, policy })),
  ]
}

export function consentReader(deps: FhirDependencies): Reader {
  return {
    async read(viewer, id) {
      if (viewer.kind !== 'person') return null
      const all = await consentsFor(deps, viewer.hospitalId, viewer.personId)
      return all.map(toConsent).find((consent) => consent.id === id) ?? null
    },
    async page(viewer, query, after, limit) {
      const personId = await personIn(deps, viewer, query)
      if (personId === null || personId === 'nobody') return []
      const all = await consentsFor(deps, viewer.hospitalId, personId)
      return pageIn(all.map(toConsent), after, limit)
    },
  }
}

async function consentsFor(
  { db, clock, grants, recordSharing }: FhirDependencies,
  hospitalId: HospitalId,
  personId: PersonId,
): Promise<ConsentSource[]> {
  const now = clock.now()
  const toInsurers = (await consentsOf(db, personId)).map((consent): ConsentSource => ({
    hospitalId,
    personId,
    id: consent.id,
    kind: 'coverage',
    recipient: consent.insurerCode,
    purposes: [consent.purpose, ...consent.scope],
    textVersion: consent.version,
    givenAt: consent.givenAt,
    expiresAt: consent.expiresAt,
    ...endOf(consent, now),
  }))
  const toApplications = (await grants.of(hospitalId, personId)).grants.map(
    (grant): ConsentSource => ({
      hospitalId,
      personId,
      id: grant.id,
      kind: 'application',
      recipient: grant.applicationId,
      purposes: grant.scopes,
      textVersion:
        grant.ground.by === 'person' ? grant.ground.textVersion : grant.ground.evidence.agreementNo,
      givenAt: grant.givenAt,
      expiresAt: grant.expiresAt,
      ...endOf(grant, now),
    }),
  )
  const shared = await recordSharing.consentsOf(personId, { after: undefined, limit: MOST_SHARED })
  const toHospitals = shared.items
    .filter(({ holderId }) => holderId === hospitalId)
    .map((consent): ConsentSource => ({
      hospitalId,
      personId,
      id: consent.id,
      kind: 'record',
      recipient: String(consent.readerId),
      purposes: [consent.purpose, ...consent.kinds],
      textVersion: consent.textVersion,
      givenAt: consent.givenAt,
      expiresAt: consent.expiresAt,
      ...endOf({ ...consent, replacedAt: null }, now),
    }))
  return [...toApplications, ...toInsurers, ...toHospitals]
}

/** The newest: what is older has run out. */
const MOST_SHARED = 100

function endOf(
  { withdrawnAt, replacedAt, expiresAt }: Ends,
  now: Date,
): Pick<ConsentSource, 'endedAt' | 'isInForce'> {
  const endedAt = withdrawnAt ?? replacedAt
  return { endedAt, isInForce: endedAt === null && now < expiresAt }
}

type Ends = { withdrawnAt: Date | null; replacedAt: Date | null; expiresAt: Date }
