import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import type { CreditApplication, CreditLine } from '../../../contract/client.ts'
import { Confirm } from '../parts/Confirm.tsx'
import { FailureBox } from '../parts/FailureBox.tsx'
import { useEndLine, useWithdraw } from './use-credit.ts'

// How a person leaves: gives a line up, or takes an application back. Both are asked once more.

/** Of a line with nothing promised or owed; of another, it says when it can be given up. */
export function EndLine({ line, lender }: { line: CreditLine; lender: string }) {
  const { t } = useTranslation()
  const end = useEndLine(line.lenderId)
  if (line.status === 'ended') return null
  if (line.reservedFen + line.drawnFen > 0) return <p className="note">{t('credit:leave.inUse')}</p>
  return (
    <Leave
      words={{
        button: t('credit:leave.end'),
        title: t('credit:leave.endTitle', { lender }),
        note: t('credit:leave.endNote'),
        yes: t('credit:leave.endYes'),
      }}
      act={end}
    />
  )
}

export function TakeBack({ lenderId, id }: Pick<CreditApplication, 'lenderId' | 'id'>) {
  const { t } = useTranslation()
  const withdraw = useWithdraw(lenderId, id)
  return (
    <section className="card">
      <Leave
        words={{
          button: t('credit:leave.takeBack'),
          title: t('credit:leave.takeBackTitle'),
          note: t('credit:leave.takeBackNote'),
          yes: t('credit:leave.takeBackYes'),
        }}
        act={withdraw}
      />
    </section>
  )
}

function Leave({ words, act }: LeaveProps) {
  const { t } = useTranslation()
  const [isAsking, setAsking] = useState(false)
  const confirmed = () => {
    setAsking(false)
    act.mutate()
  }
  return (
    <>
      {act.error ? <FailureBox error={act.error} /> : null}
      <button
        type="button"
        className="button button-plain"
        disabled={act.isPending}
        onClick={() => setAsking(true)}
      >
        {act.isPending ? t('credit:consent.sending') : words.button}
      </button>
      {isAsking && (
        <Confirm
          title={words.title}
          yes={words.yes}
          no={t('credit:leave.no')}
          onYes={confirmed}
          onNo={() => setAsking(false)}
        >
          {words.note}
        </Confirm>
      )}
    </>
  )
}

type LeaveProps = {
  words: { button: string; title: string; note: string; yes: string }
  act: { mutate: () => void; isPending: boolean; error: unknown }
}
