import { addFen, type Fen, fen, negateFen, subtractFen } from '../../../kernel/money.ts'
import {
  brokenIdentity,
  type Figures,
  type KnownSettlement,
  type Settled,
} from '../../../modules/insurance/index.ts'
import type { Profile } from './profile.ts'
import type { Reply } from './transport.ts'
import {
  amountOf,
  type Fields,
  fieldsOf,
  optionalAmountOf,
  optionalMomentOf,
  optionalTextOf,
  ratioBpOf,
  stampOf,
  textOf,
  Unreadable,
} from './wire.ts'

// setlinfo of 2206, 2207, 2208, 2303, 2304, 2305 and 5203, under the right names: see the profile’s aliases.

/**
 * The figures of a setlinfo, checked.
 *
 * 2208 and 5203 may say them below zero for what was given back; they are turned round as a whole. What a
 * transaction does not carry (the hospital's share in 2208 and 5203, the person's whole in 2208) follows
 * from the rest.
 * Errors: Unreadable for a missing amount, and with 'identity: …' for figures that do not hold together.
 */
export function figuresOf(setlinfo: Fields, { fundIncludesAccount }: Profile): Figures {
  const totalFen = amountOf(setlinfo, 'medfee_sumamt')
  const turn = (amount: Fen) => (totalFen < 0 ? negateFen(amount) : amount)
  const of = (...names: [string, ...string[]]) => turn(amountOf(setlinfo, ...names))
  const ofOptional = (...names: [string, ...string[]]) =>
    turn(optionalAmountOf(setlinfo, ...names) ?? fen(0))

  const accountFen = of('acct_pay')
  const cashFen = of('psn_cash_pay')
  const reportedFundFen = of('fund_pay_sumamt')
  const fundFen = fundIncludesAccount ? subtractFen(reportedFundFen, accountFen) : reportedFundFen
  const reportedPersonalFen = optionalAmountOf(setlinfo, 'psn_part_amt')
  const personalFen =
    reportedPersonalFen === null ? addFen(accountFen, cashFen) : turn(reportedPersonalFen)
  const reportedHospitalFen = optionalAmountOf(setlinfo, 'hosp_part_amt')
  const hospitalFen =
    reportedHospitalFen === null
      ? fen(turn(totalFen) - fundFen - personalFen)
      : turn(reportedHospitalFen)
  const figures = {
    totalFen: turn(totalFen),
    ownFen: of('fulamt_ownpay_amt'),
    overLimitFen: of('overlmt_selfpay'),
    firstShareFen: of('preselfpay_amt'),
    inScopeFen: of('inscp_scp_amt'),
    deductibleFen: ofOptional('act_pay_dedc'),
    poolRatioBp: ratioBpOf(setlinfo, 'pool_prop_selfpay'),
    basicFundFen: of('hifp_pay'),
    supplementFundFen: addFen(of('hifes_pay'), of('hifmi_pay'), of('hifob_pay'), of('cvlserv_pay')),
    aidFundFen: of('maf_pay'),
    otherFundFen: of('oth_pay'),
    fundFen,
    personalFen,
    accountFen,
    sharedAccountFen: ofOptional('acct_mulaid_pay'),
    cashFen,
    hospitalFen,
    balanceFen: optionalAmountOf(setlinfo, 'balc') ?? fen(0),
  }
  assertIdentity(brokenIdentity(figures))
  return figures
}

/** The figures are of the bill that was asked about, and keep to what the person allowed. */
export function assertAsAsked(
  figures: Figures,
  { totalFen, useAccount }: { totalFen: Fen; useAccount: boolean },
): Figures {
  assertIdentity(figures.totalFen === totalFen ? null : 'another total than was asked about')
  assertIdentity(useAccount || figures.accountFen === 0 ? null : 'the account was not to be used')
  return figures
}

export function assertIdentity(broken: string | null): void {
  if (broken !== null) throw new Unreadable(`identity: ${broken}`)
}

/** Null where the output has no setlinfo. */
function setlinfoOf(output: unknown): Fields | null {
  if (output === undefined || output === null || output === '') return null
  const { setlinfo } = fieldsOf(output, 'output')
  if (setlinfo === undefined || setlinfo === null) return null
  const fields = fieldsOf(setlinfo, 'setlinfo')
  return Object.keys(fields).length === 0 ? null : fields
}

export function requiredSetlinfo(output: unknown): Fields {
  const setlinfo = setlinfoOf(output)
  if (setlinfo === null) throw new Unreadable('setlinfo is missing')
  return setlinfo
}

/** What 2207, 2208 and 2304 answer. 2207 of the base edition has no setl_time: then the answer's own time counts. */
export function settledOf({ output, envelope }: Reply, profile: Profile): Settled {
  const setlinfo = requiredSetlinfo(output)
  return {
    setlId: textOf(setlinfo, 'setl_id'),
    at: optionalMomentOf(setlinfo, 'setl_time') ?? stampOf(envelope, 'respond_time'),
    figures: figuresOf(setlinfo, profile),
    clearing: {
      insutype: optionalTextOf(setlinfo, 'insutype'),
      clrType: optionalTextOf(setlinfo, 'clr_type'),
      clrOptins: optionalTextOf(setlinfo, 'clr_optins'),
    },
  }
}

/** What 2305 answers: its table has no setl_id, so where there is none it is that which was asked for. */
export function cancelledOf(reply: Reply, setlId: string, profile: Profile): Settled {
  const setlinfo = requiredSetlinfo(reply.output)
  const named = { setl_id: setlId, ...setlinfo }
  return settledOf({ ...reply, output: { setlinfo: named } }, profile)
}

/** A settlement made by another message than ours is not an answer to ours. */
export function assertMadeBy({ output }: Reply, msgid: string): void {
  const made = optionalTextOf(requiredSetlinfo(output), 'medins_setl_id')
  assertIdentity(made === null || made === msgid ? null : 'medins_setl_id is of another message')
}

export function knownSettlementOf(reply: Reply, profile: Profile): KnownSettlement | null {
  const setlinfo = setlinfoOf(reply.output)
  if (setlinfo === null) return null
  return {
    ...settledOf(reply, profile),
    msgid: textOf(setlinfo, 'medins_setl_id'),
    refunded: optionalTextOf(setlinfo, 'refd_setl_flag') === '1',
  }
}
