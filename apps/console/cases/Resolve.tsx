import { Button } from 'antd'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'

import { Fault } from '../list/Fault.tsx'
import type { Case } from '../search/choices.ts'
import { may, useStaff } from '../shell/staff.ts'
import { useCaseActions } from './use-case-action.ts'
import { type Resolution, resolutionsFor } from './words.ts'

const MOST_LETTERS = 2_000

/** How the case ends, and why, in the words of the one who says so. Moves no money. */
export function Resolve({ known }: { known: Case }) {
  const { t } = useTranslation()
  const staff = useStaff()
  const obstacle =
    known.status === 'resolved' ? 'resolved' : may(staff, 'reconcile') ? null : 'role'
  return (
    <section className="card" aria-labelledby="resolve-title">
      <h2 id="resolve-title">{t('cases.resolve')}</h2>
      {obstacle ? (
        <p className="fine">{t(`cases.takeNot.${obstacle}`)}</p>
      ) : (
        <ResolveForm known={known} />
      )}
    </section>
  )
}

function ResolveForm({ known }: { known: Case }) {
  const { t } = useTranslation()
  const { hospitalId } = useStaff()
  const { resolve, params } = useCaseActions(known, hospitalId)
  const [resolution, setResolution] = useState<Resolution | null>(null)
  const [note, setNote] = useState('')
  const end = (event: FormEvent) => {
    event.preventDefault()
    if (resolution === null || note.trim() === '') return
    resolve.mutate({ ...params, body: { resolution, note: note.trim() } })
  }
  return (
    <form className="note-form" onSubmit={end}>
      <fieldset className="resolutions">
        <legend>{t('cases.how')}</legend>
        {resolutionsFor(known).map((each) => (
          <label key={each}>
            <input
              type="radio"
              name="resolution"
              required
              checked={resolution === each}
              onChange={() => setResolution(each)}
            />
            <span>
              {t(`cases.resolutions.${each}`)}
              <span className="fine"> {t(`cases.resolutionHints.${each}`)}</span>
            </span>
          </label>
        ))}
      </fieldset>
      <label>
        {t('cases.why')}
        <textarea
          rows={3}
          required
          maxLength={MOST_LETTERS}
          value={note}
          onChange={(event) => setNote(event.target.value)}
        />
      </label>
      <p className="fine">{t('cases.noMoney')}</p>
      {resolve.error !== null && <Fault error={resolve.error} />}
      <Button type="primary" htmlType="submit" loading={resolve.isPending}>
        {t('cases.end')}
      </Button>
    </form>
  )
}
