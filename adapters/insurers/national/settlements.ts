import type {
  CentreAnswer,
  Figures,
  InsuranceCentre,
  KnownSettlement,
  Settled,
  SettleRequest,
} from '../../../modules/insurance/index.ts'
import type { Profile } from './profile.ts'
import type { Ask } from './session.ts'
import {
  assertAsAsked,
  assertMadeBy,
  figuresOf,
  knownSettlementOf,
  requiredSetlinfo,
  settledOf,
} from './setlinfo.ts'
import type { Transaction } from './transport.ts'
import { certificateOf, secretsOf } from './visit.ts'
import { yuan } from './wire.ts'

type Settlements = Pick<
  InsuranceCentre,
  'preSettle' | 'settle' | 'cancelSettlement' | 'reverse' | 'querySettlement'
>
type RequestOf<Name extends keyof Settlements> = Parameters<Settlements[Name]>[1]

/** 2206, 2207, 2208, 2601 and 5203. */
export function createSettlements(ask: Ask, profile: Profile): Settlements {
  return {
    preSettle: (call, request) => ask(call, preSettlement(request, profile)),
    settle: (call, request) => ask(call, settlement(request, call.msgid, profile)),
    cancelSettlement: (call, which) => ask(call, cancellation(which, profile)),
    async reverse(call, message) {
      const answer = await ask(call, reversal(message))
      return saysNotThere(answer, profile) ? { outcome: 'ok', data: { reversed: false } } : answer
    },
    async querySettlement(call, which) {
      const answer = await ask(call, query(which, profile))
      return saysNotThere(answer, profile) ? { outcome: 'ok', data: null } : answer
    },
  }
}

/** The centre has no such settlement or message, and says so by refusing to answer. */
export function saysNotThere(answer: CentreAnswer<unknown>, { saysNotThere }: Profile): boolean {
  return answer.outcome === 'refused' && saysNotThere.test(answer.message)
}

const preSettlement = (
  request: RequestOf<'preSettle'>,
  profile: Profile,
): Transaction<Figures> => ({
  infno: '2206',
  input: { data: settleInput(request) },
  secrets: secretsOf(request.credential),
  read: ({ output }) => assertAsAsked(figuresOf(requiredSetlinfo(output), profile), request),
})

const settlement = (
  request: RequestOf<'settle'>,
  msgid: string,
  profile: Profile,
): Transaction<Settled> => ({
  infno: '2207',
  input: {
    data: {
      ...settleInput(request),
      invono: '',
      fulamt_ownpay_amt: yuan(request.quoted.ownFen),
      overlmt_selfpay: yuan(request.quoted.overLimitFen),
      preselfpay_amt: yuan(request.quoted.firstShareFen),
      inscp_scp_amt: yuan(request.quoted.inScopeFen),
    },
  },
  secrets: secretsOf(request.credential),
  read(reply) {
    assertMadeBy(reply, msgid)
    const settled = settledOf(reply, profile)
    assertAsAsked(settled.figures, request)
    return settled
  },
})

const cancellation = (
  { psnNo, mdtrtId, setlId }: RequestOf<'cancelSettlement'>,
  profile: Profile,
): Transaction<Settled> => ({
  infno: '2208',
  input: { data: { setl_id: setlId, mdtrt_id: mdtrtId, psn_no: psnNo } },
  read: (reply) => settledOf(reply, profile),
})

export const reversal = ({
  psnNo,
  msgid,
  infno,
}: {
  psnNo: string
  msgid: string
  infno: string
}): Transaction<{ reversed: boolean }> => ({
  infno: '2601',
  input: { data: { psn_no: psnNo, omsgid: msgid, oinfno: infno } },
  read: () => ({ reversed: true }),
})

const query = (
  { psnNo, mdtrtId, setlId }: RequestOf<'querySettlement'>,
  profile: Profile,
): Transaction<KnownSettlement | null> => ({
  infno: '5203',
  input: { data: { psn_no: psnNo, setl_id: setlId ?? '', mdtrt_id: mdtrtId } },
  read: (reply) => knownSettlementOf(reply, profile),
})

const settleInput = (request: SettleRequest) => ({
  psn_no: request.psnNo,
  ...certificateOf(request.credential),
  med_type: request.medType,
  medfee_sumamt: yuan(request.totalFen),
  psn_setlway: BY_ITEM,
  mdtrt_id: request.mdtrtId,
  chrg_bchno: request.batchNo,
  insutype: request.insutype,
  acct_used_flag: request.useAccount ? '1' : '0',
})

/** psn_setlway: 01 按项目. */
export const BY_ITEM = '01'
