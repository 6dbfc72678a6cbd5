import Type from 'typebox'

import { Fen, Instant, nullable, strict, Uuid } from '../../platform/http/schemas.ts'
import { ACCOUNT_KINDS } from './account.ts'
import { MOVEMENT_KINDS } from './movements.ts'

// What the routes of deposits take and give, as JSON Schema.

const Text = (maxLength: number) => Type.String({ minLength: 1, maxLength })
const HospitalParam = Type.Integer({ minimum: 1, maximum: 900_000 })

export const OfHospital = Type.Object({ hospitalId: HospitalParam })
export const OfHospitalAndId = Type.Object({ hospitalId: HospitalParam, id: Uuid })

export const AccountsQuery = Type.Object({
  before: Type.Optional(Uuid),
  limit: Type.Integer({ minimum: 1, maximum: 200, default: 50 }),
  onlyOutpatientLeft: Type.Boolean({
    default: false,
    description: 'The work list: outpatient prepayments with something left, to be given back',
  }),
  onlyLow: Type.Boolean({ default: false, description: 'Open, and below their mark' }),
  status: Type.Optional(Type.Enum(['open', 'closed'])),
  personId: Type.Optional(Uuid),
  stayNo: Type.Optional(Text(40)),
})

export const GiveBacksQuery = Type.Object({
  after: Type.Optional(Uuid),
  limit: Type.Integer({ minimum: 1, maximum: 200, default: 50 }),
})

export const OpenDaysQuery = Type.Object({
  after: Type.Optional(Uuid),
  afterDay: Type.String({
    format: 'date',
    default: '2000-01-01',
    description: 'With `after`, the account: the day of the last row of the page before',
  }),
  limit: Type.Integer({ minimum: 1, maximum: 200, default: 50 }),
})

const AccountParts = {
  id: Uuid,
  personId: Uuid,
  kind: Type.Enum([...ACCOUNT_KINDS]),
  stayNo: Type.String(),
  custodyBank: Type.String(),
  status: Type.Enum(['open', 'closed']),
  balanceFen: Fen('Paid in, less what was drawn and given back.'),
  heldFen: Fen('Of it, promised or on its way back.'),
  freeFen: Fen('Of it, free.'),
  isLow: Type.Boolean(),
  clearBy: nullable(
    Type.String({ format: 'date', description: 'To be given back by; null for a stay’s' }),
  ),
  openedAt: Instant,
  closedAt: nullable(Instant),
}

/** What its owner sees. */
export const AccountView = Type.Object(AccountParts, { $id: 'DepositAccount' })

/** What the staff sees: also the account at the bank, and below what it is told to be low. */
export const StaffAccountView = Type.Object(
  { ...AccountParts, custodyNo: Type.String(), lowFen: Fen('Told to be low below this.') },
  { $id: 'StaffDepositAccount' },
)

export const GiveBackView = Type.Object(
  {
    id: Uuid,
    channel: Type.String(),
    channelNo: Type.String({ description: 'Of the payment that goes back' }),
    amountFen: Fen('Goes back.'),
    status: Type.Enum(['asked', 'done']),
    doneAt: nullable(Instant),
  },
  { $id: 'DepositGiveBack' },
)

const OfAccount = { accountId: Uuid, personId: Uuid, stayNo: Type.String() }

/** What the staff sees of a part that goes back: whose it is, and who asked and who said it was done. */
export const StaffGiveBackView = Type.Object(
  {
    id: Uuid,
    ...OfAccount,
    channel: Type.String({ description: 'The way it came, and goes back' }),
    channelNo: Type.String({ description: 'Of the payment that goes back' }),
    amountFen: Fen('Goes back.'),
    status: Type.Enum(['asked', 'done']),
    askedBy: Type.String(),
    askedAt: Instant,
    returnNo: nullable(Type.String({ description: 'Of the return, at its channel' })),
    doneBy: nullable(Type.String()),
    doneAt: nullable(Instant),
  },
  { $id: 'StaffDepositGiveBack' },
)

/** What a stay cost on a day that its deposit has not paid whole. */
export const OpenDayView = Type.Object(
  {
    ...OfAccount,
    day: Type.String({ format: 'date' }),
    totalFen: Fen('What the stay cost on the day.'),
    drawnFen: Fen('Of it, paid by the deposit so far.'),
    accountStatus: Type.Enum(['open', 'closed']),
  },
  { $id: 'OpenDepositDay' },
)

export const MovementView = Type.Object(
  {
    kind: Type.Enum([...MOVEMENT_KINDS]),
    amountFen: Fen('Moved, never below zero; the kind says which way.'),
    channel: nullable(Type.String({ description: 'It came by, or goes back to' })),
    channelNo: nullable(Type.String()),
    at: Instant,
  },
  { $id: 'DepositMovement' },
)

export const NewAccount = Type.Object(
  {
    personId: Uuid,
    stayNo: Text(40),
    custodyBank: Text(40),
    custodyNo: Text(40),
    lowFen: Type.Integer({ minimum: 0, maximum: 100_000_000, description: 'Fen. Told below this' }),
  },
  strict,
)

export const NewTopUp = Type.Object(
  {
    channel: Type.String({
      pattern: '^[a-z0-9_-]{1,20}$',
      description: 'How it came: cash, transfer, a channel',
    }),
    channelNo: Type.String({
      pattern: '^[!-~]{1,55}$',
      description: 'Its number there: told again, it is the same money',
    }),
    amountFen: Type.Integer({ minimum: 1, maximum: 100_000_000, description: 'Fen' }),
  },
  strict,
)

export const NewDayCharge = Type.Object(
  {
    day: Type.String({ format: 'date' }),
    totalFen: Type.Integer({ minimum: 1, maximum: 100_000_000, description: 'Fen' }),
  },
  strict,
)

export const DayChargeView = Type.Object(
  {
    day: Type.String({ format: 'date' }),
    totalFen: Fen('What the stay cost on the day.'),
    drawnFen: Fen('Of it, paid by the deposit so far; the rest when it is topped up.'),
  },
  { $id: 'DepositDayCharge' },
)

export const GivenBack = Type.Object({ channelNo: Text(64) }, strict)
