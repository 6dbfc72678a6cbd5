import { useNavigate } from '@tanstack/react-router'
import { Button } from 'antd'
import { useState } from 'react'

import { amountText } from '../../web/amount.ts'
import { useStaff } from '../shell/staff.ts'
import { ReasonForm } from './ReasonForm.tsx'
import { useProposeAct } from './use-acts.ts'
import { type PersonPicture, usePersonWords } from './words.ts'

/**
 * Ends a link, put before a second person. Each record has its own charts and money again; payments made meanwhile under the
 * other record that were this one's are marked here.
 */
export function UnlinkForm({ picture, personId }: { picture: PersonPicture; personId: string }) {
  const { t } = usePersonWords()
  const { hospitalId } = useStaff()
  const navigate = useNavigate()
  const [isOpen, setOpen] = useState(false)
  const [theirs, setTheirs] = useState<readonly string[]>([])
  const propose = useProposeAct(hospitalId, {
    words: t('propose.done'),
    onDone: () => void navigate({ to: '/persons/waiting' }),
  })
  if (!isOpen) {
    return (
      <Button size="small" onClick={() => setOpen(true)}>
        {t('unlink.open')}
      </Button>
    )
  }
  const others = (picture.payments ?? []).filter(({ shownWith }) => shownWith !== personId)
  const send = (reason: string) =>
    propose.mutate({
      kind: 'unlink',
      personId,
      survivorId: picture.currentPersonId,
      reason,
      reassign: theirs.map((paymentId) => ({ paymentId, toPersonId: personId })),
    })
  const mark = (paymentId: string, isTheirs: boolean) =>
    setTheirs((known) =>
      isTheirs ? [...known, paymentId] : known.filter((one) => one !== paymentId),
    )
  return (
    <ReasonForm
      label={t('unlink.title')}
      error={propose.error}
      onSubmit={send}
      buttons={(reason) => (
        <>
          <Button danger htmlType="submit" disabled={reason === ''} loading={propose.isPending}>
            {t('unlink.send')}
          </Button>
          <Button onClick={() => setOpen(false)}>{t('unlink.close')}</Button>
        </>
      )}
    >
      <p className="fine">{t('unlink.hint')}</p>
      {others.length > 0 && (
        <fieldset className="plain-fieldset">
          <legend>{t('unlink.payments')}</legend>
          {others.map(({ paymentId, amountFen, createdAt }) => (
            <label key={paymentId} className="check-line">
              <input
                type="checkbox"
                checked={theirs.includes(paymentId)}
                onChange={(event) => mark(paymentId, event.target.checked)}
              />
              {createdAt.slice(0, 10)} {amountText(amountFen)}
            </label>
          ))}
        </fieldset>
      )}
    </ReasonForm>
  )
}
