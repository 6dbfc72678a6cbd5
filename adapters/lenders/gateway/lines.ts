import { fen } from '../../../kernel/money.ts'
import { toShanghaiText } from '../../../kernel/time.ts'
import type {
  Authority,
  Holder,
  Lender,
  LenderAnswer,
  LineGrant,
  None,
  RepaymentWay,
  Signed,
  SignStatus,
} from '../../../modules/credit/index.ts'
import {
  AuthorityData,
  EndedData,
  GrantData,
  momentOf,
  NO_ACCOUNT,
  none,
  ok,
  SignedData,
} from './answers.ts'
import type { Ask } from './client.ts'

/** A person's line: asked for, signed, looked at, given up. */
export const createLines = (ask: Ask): Pick<Lender, 'authority' | 'apply' | 'sign' | 'end'> => ({
  authority: (call, holder) =>
    ask<LenderAnswer<Authority> | None>(call, {
      service: 'loan.authority.query',
      ...fieldsOf(holder),
      read: (data) => readAuthority(data, holder),
      onCode: (code) => (code === NO_ACCOUNT ? none : null),
    }),
  apply: (call, { applicationNo, productId, applicant, wantedFen, consent }) =>
    ask<LenderAnswer<LineGrant>>(call, {
      service: 'loan.apply',
      fields: {
        applyNo: applicationNo,
        productCode: productId,
        userId: applicant.personId,
        patientName: applicant.name,
        idNo: applicant.idCardNo,
        phone: applicant.phone ?? '',
        wantedAmt: String(wantedFen),
        consentVersion: consent.textVersion,
        consentSha256: consent.textSha256,
        consentTime: toShanghaiText(consent.givenAt),
      },
      secrets: [applicant.name, applicant.idCardNo, applicant.phone ?? '', applicant.personId],
      read: (data) =>
        GrantData.Check(data) && data.applyNo === applicationNo && data.creditsAmt <= wantedFen
          ? ok({ accountNo: data.accountNo, limitFen: fen(data.creditsAmt) })
          : null,
    }),
  sign: (call, { applicationNo, way, ...holder }) =>
    ask<LenderAnswer<Signed>>(call, {
      service: 'loan.sign',
      ...fieldsOf(holder, { applyNo: applicationNo, repayWay: WAYS[way] }),
      read(data) {
        if (!SignedData.Check(data) || data.accountNo !== holder.accountNo) return null
        const signedAt = momentOf(data.signTime)
        return signedAt && ok({ signedAt })
      },
    }),
  end: (call, holder) =>
    ask<LenderAnswer<{ endedAt: Date }>>(call, {
      service: 'loan.unsign',
      ...fieldsOf(holder),
      read(data) {
        if (!EndedData.Check(data) || data.accountNo !== holder.accountNo) return null
        const endedAt = momentOf(data.endTime)
        return endedAt && ok({ endedAt })
      },
    }),
})

/** By which account and person a bank knows whom it is about; neither is kept. */
export const fieldsOf = (
  { accountNo, personId }: Holder,
  fields: Readonly<Record<string, string>> = {},
) => ({ fields: { accountNo, userId: personId, ...fields }, secrets: [accountNo, personId] })

const WAYS: Record<RepaymentWay, string> = {
  next_month: '1',
  equal_payment: '2',
  equal_principal: '3',
  flat_fee: '4',
}

const SIGN_STATUS: Readonly<Record<string, SignStatus>> = {
  '0': 'unsigned',
  '1': 'signed',
  '2': 'suspended',
  '3': 'ended',
}

function readAuthority(data: unknown, { accountNo }: Holder): LenderAnswer<Authority> | null {
  if (!AuthorityData.Check(data) || data.accountNo !== accountNo) return null
  const signStatus = SIGN_STATUS[data.signStatus]
  if (signStatus === undefined) return null
  return ok({
    accountNo,
    limitFen: fen(data.creditsAmt),
    loanedFen: fen(data.loanedAmt),
    remainingFen: fen(data.remainingAmt),
    overdueDays: data.overdueDays,
    signStatus,
  })
}
