import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'

import { amountText } from '../../web/amount.ts'
import { Go, places } from '../navigation.tsx'
import { Confirm } from '../parts/Confirm.tsx'
import { FailureBox } from '../parts/FailureBox.tsx'
import { Page } from '../shell/Page.tsx'
import { AmountField } from './AmountField.tsx'
import { RepaymentResult } from './RepaymentResult.tsx'
import { useLenderName, useRepay } from './use-credit.ts'

/** Somebody of the family repays a part of a loan that is not theirs. They learn nothing of it but the amount they were asked for. */
export function FamilyRepayPage({ lenderId, id, askedFen }: FamilyRepayProps) {
  const { t, i18n } = useTranslation()
  const [fen, setFen] = useState(askedFen)
  const [isAsking, setAsking] = useState(false)
  const repay = useRepay(lenderId, id)
  const lender = useLenderName()(lenderId, i18n.language) || t('credit:help.unknownLender')
  const amount = fen === null ? null : amountText(fen)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (fen !== null) setAsking(true)
  }
  return (
    <Page title={t('credit:help.title')} back={places.home}>
      {repay.data ? (
        <RepaymentResult
          repayment={repay.data}
          lender={lender}
          leftFen={null}
          onAgain={() => repay.reset()}
        >
          <Go place={places.home} className="button" replace>
            {t('goHome')}
          </Go>
        </RepaymentResult>
      ) : (
        <form onSubmit={submit} className="card">
          <p>{t('credit:help.lead')}</p>
          <AmountField
            mostFen={null}
            {...(askedFen === null ? {} : { initialFen: askedFen })}
            onChange={setFen}
          />
          <p className="note">{t('credit:help.note', { lender })}</p>
          {repay.error && <FailureBox error={repay.error} />}
          <button
            type="submit"
            className="button button-primary button-pay"
            disabled={fen === null || repay.isPending}
          >
            {repay.isPending
              ? t('credit:repay.sending')
              : t('credit:repay.go', { amount: amount ?? '' })}
          </button>
        </form>
      )}
      {isAsking && fen !== null && (
        <Confirm
          title={t('credit:repay.confirmTitle', { amount })}
          yes={t('credit:repay.yes')}
          no={t('credit:repay.no')}
          onYes={() => {
            setAsking(false)
            repay.mutate({ scope: 'partial', amountFen: fen })
          }}
          onNo={() => setAsking(false)}
        >
          {t('credit:repay.confirmNote', { amount, lender })}
        </Confirm>
      )}
    </Page>
  )
}

type FamilyRepayProps = { lenderId: number; id: string; askedFen: number | null }
