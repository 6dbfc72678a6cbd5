import type { HospitalId, Id } from '../../kernel/id.ts'
import type { Access } from '../../platform/http/access.ts'
import type { Actor, Role } from '../../platform/principal.ts'
import type { PersonId } from '../identity/index.ts'
import type { Scope } from '../partners/index.ts'

/** As SMART writes them: create, read, update, search. An operation asks for one of them, too. */
export type Letter = 'c' | 'r' | 'u' | 's'

export const TYPES = [
  'Patient',
  'Coverage',
  'Schedule',
  'Slot',
  'Appointment',
  'Account',
  'ChargeItem',
  'Invoice',
  'PaymentNotice',
  'PaymentReconciliation',
  'DiagnosticReport',
  'Consent',
  'AuditEvent',
] as const

export type TypeName = (typeof TYPES)[number]

type Letters = '' | 'r' | 'rs' | 'crus'

type TypeAccess = {
  /** What is the person's own, and what is nobody's. */
  person: Letters
  staff: Partial<Record<Role, Letters>>
  /** Of the people who allowed the application to name them, with what the hospital lets it do. */
  application: { scope: Scope; may: Letters } | null
}

/**
 * Who may do what with a type, as the hub's own routes have it. From this come the access of the routes, the scopes
 * that are told to SMART, and nothing else decides.
 */
export const ACCESS: Record<TypeName, TypeAccess> = {
  Patient: {
    person: 'rs',
    staff: { cashier: 'rs', it: 'rs', auditor: 'r' },
    application: { scope: 'payments:write', may: 'r' },
  },
  Coverage: { person: 'rs', staff: { cashier: 'rs' }, application: null },
  Schedule: {
    person: 'rs',
    staff: { cashier: 'rs', it: 'rs', auditor: 'rs' },
    application: { scope: 'schedules:read', may: 'rs' },
  },
  Slot: {
    person: 'rs',
    staff: { cashier: 'rs', it: 'rs', auditor: 'rs' },
    application: { scope: 'schedules:read', may: 'rs' },
  },
  Appointment: {
    person: 'crus',
    staff: { cashier: 'crus', it: 'rs', auditor: 'rs' },
    application: { scope: 'bookings:write', may: 'crus' },
  },
  Account: {
    person: 'rs',
    staff: { cashier: 'rs', finance: 'rs', auditor: 'rs' },
    application: null,
  },
  // The lines of a bill say what somebody is treated for: no institution's application is shown them.
  ChargeItem: {
    person: 'rs',
    staff: { cashier: 'rs', finance: 'rs', auditor: 'rs' },
    application: null,
  },
  Invoice: {
    person: 'rs',
    staff: { cashier: 'rs', finance: 'rs', auditor: 'rs' },
    application: { scope: 'payments:write', may: 'rs' },
  },
  PaymentNotice: {
    person: 'rs',
    staff: { cashier: 'rs', finance: 'rs', auditor: 'rs' },
    application: { scope: 'payments:read', may: 'rs' },
  },
  PaymentReconciliation: {
    person: '',
    staff: { finance: 'rs', auditor: 'rs' },
    application: null,
  },
  // What was found of a person is theirs alone to read here: no role of the console treats anybody.
  DiagnosticReport: { person: 'rs', staff: {}, application: null },
  Consent: { person: 'rs', staff: {}, application: null },
  AuditEvent: { person: '', staff: { auditor: 'rs' }, application: null },
}

export type OperationName = '$match' | '$ihe-pix' | '$find' | '$hold' | '$book'

/** What an operation is for: whoever may do that with its type may call it. $match is for whoever registers people. */
export const OPERATIONS: Record<
  OperationName,
  { type: TypeName; letter: Letter; onlyStaff: boolean; definition: string }
> = {
  $match: {
    type: 'Patient',
    letter: 's',
    onlyStaff: true,
    definition: 'http://hl7.org/fhir/OperationDefinition/Patient-match',
  },
  '$ihe-pix': {
    type: 'Patient',
    letter: 's',
    onlyStaff: true,
    definition: 'https://profiles.ihe.net/ITI/PIXm/OperationDefinition/IHE.PIXm.pix',
  },
  $find: {
    type: 'Appointment',
    letter: 's',
    onlyStaff: false,
    definition: 'https://profiles.ihe.net/ITI/Scheduling/OperationDefinition/appointment-find',
  },
  $hold: {
    type: 'Appointment',
    letter: 'c',
    onlyStaff: false,
    definition: 'https://profiles.ihe.net/ITI/Scheduling/OperationDefinition/appointment-hold',
  },
  $book: {
    type: 'Appointment',
    letter: 'c',
    onlyStaff: false,
    definition: 'https://profiles.ihe.net/ITI/Scheduling/OperationDefinition/appointment-book',
  },
}

/** Who may call a route that does this, in the words of the hub's routes. */
export function routeAccess(
  type: TypeName,
  letter: Letter,
  { onlyStaff }: { onlyStaff: boolean } = { onlyStaff: false },
): { access: Access[]; scope?: Scope } {
  const { person, staff, application } = ACCESS[type]
  const roles = Object.entries(staff).flatMap(([role, may]) =>
    may.includes(letter) ? [`staff:${role as Role}` as const] : [],
  )
  if (onlyStaff) return { access: roles }
  return {
    access: [
      ...roles,
      ...(person.includes(letter) ? (['person'] as const) : []),
      ...(application?.may.includes(letter) ? (['application'] as const) : []),
    ],
    ...(application?.may.includes(letter) ? { scope: application.scope } : {}),
  }
}

/** Who asks at which hospital: what they see is theirs, the hospital's, or of people who allowed it. */
export type Viewer = { hospitalId: HospitalId; actor: Actor } & (
  | { kind: 'person'; personId: PersonId }
  | { kind: 'staff'; roles: readonly Role[] }
  | { kind: 'application'; applicationId: Id<'Application'> }
)

/** All of it in SMART's words, version 2: patient/ is a person, user/ the staff, system/ an application. */
export const allScopes = (): string[] =>
  TYPES.flatMap((type) => {
    const { person, staff, application } = ACCESS[type]
    return [
      ...scope('patient', type, person),
      ...scope('user', type, widest(Object.values(staff))),
      ...scope('system', type, application?.may ?? ''),
    ]
  })

const scope = (context: string, type: TypeName, may: Letters): string[] =>
  may === '' ? [] : [`${context}/${type}.${may}`]

const widest = (all: readonly Letters[]): Letters =>
  all.toSorted((a, b) => b.length - a.length)[0] ?? ''
