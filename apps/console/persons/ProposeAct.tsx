import { useNavigate } from '@tanstack/react-router'
import { Button, Radio } from 'antd'
import { useState } from 'react'

import { useStaff } from '../shell/staff.ts'
import { ReasonForm } from './ReasonForm.tsx'
import { useProposeAct } from './use-acts.ts'
import { usePersonWords } from './words.ts'

type Side = { personId: string; name: string }

/** One of staff says what the two records are; another has to agree before anything changes. */
export function ProposeAct({ sides }: { sides: readonly Side[] }) {
  const { t } = usePersonWords()
  const { hospitalId } = useStaff()
  const navigate = useNavigate()
  const [low, high] = sides
  const [survivorId, setSurvivorId] = useState(low?.personId ?? '')
  const propose = useProposeAct(hospitalId, {
    words: t('propose.done'),
    onDone: () => void navigate({ to: '/persons/waiting' }),
  })
  if (!low || !high) return null
  const other = survivorId === low.personId ? high : low
  const send = (kind: 'link' | 'separate') => (reason: string) =>
    propose.mutate({ kind, personId: other.personId, survivorId, reason, reassign: [] })
  return (
    <section className="card" aria-labelledby="propose-act">
      <h2 id="propose-act">{t('propose.title')}</h2>
      <p className="fine">{t('propose.hint')}</p>
      <ReasonForm
        label={t('propose.title')}
        error={propose.error}
        onSubmit={send('link')}
        buttons={(reason) => (
          <>
            <Button
              type="primary"
              htmlType="submit"
              disabled={reason === ''}
              loading={propose.isPending}
            >
              {t('propose.link')}
            </Button>
            <Button
              disabled={reason === '' || propose.isPending}
              onClick={() => send('separate')(reason)}
            >
              {t('propose.separate')}
            </Button>
          </>
        )}
      >
        <fieldset className="plain-fieldset">
          <legend>{t('propose.survivor')}</legend>
          <Radio.Group
            value={survivorId}
            onChange={(event) => setSurvivorId(String(event.target.value))}
            options={[low, high].map((side, i) => ({
              value: side.personId,
              label: `${t(i === 0 ? 'side.low' : 'side.high')} ${side.name}`,
            }))}
          />
        </fieldset>
      </ReasonForm>
    </section>
  )
}
