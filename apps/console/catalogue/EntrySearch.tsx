import { Button, Input } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { api } from '../api.ts'
import { Fault } from '../list/Fault.tsx'
import { useStaff } from '../shell/staff.ts'

const MOST_SHOWN = 20

/** Looks for an entry by its name or code, where none of the proposals is the right one. */
export function EntrySearch({ onChoose }: { onChoose: (chosen: Chosen) => void }) {
  const { t } = useTranslation('catalogue')
  const { hospitalId } = useStaff()
  const [typed, setTyped] = useState('')
  const [text, setText] = useState('')
  const found = api.query.useQuery(
    'get',
    '/v1/hospitals/{hospitalId}/catalogue/entries',
    { params: { path: { hospitalId }, query: { text, limit: MOST_SHOWN } } },
    { enabled: text !== '' },
  )
  return (
    <fieldset className="refund-lines">
      <legend>{t('desk.search')}</legend>
      <div className="find">
        <Input
          aria-label={t('desk.searchLabel')}
          placeholder={t('desk.searchLabel')}
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
          onPressEnter={(event) => {
            event.preventDefault() // the form around it is not done yet
            setText(typed.trim())
          }}
        />
        <Button loading={found.isFetching} onClick={() => setText(typed.trim())}>
          {t('desk.find')}
        </Button>
      </div>
      {found.error !== null && <Fault error={found.error} />}
      {found.data?.items.length === 0 && <p className="fine">{t('desk.nothingFound')}</p>}
      <ul>
        {found.data?.items.map(({ code, name, spec, coverClass }) => (
          <li key={code}>
            <span>
              {name} <span className="fine">{t(`classes.${coverClass ?? 'none'}`)}</span>
              <br />
              <span className="fine">{[code, spec].filter(Boolean).join(' · ')}</span>
            </span>
            <Button
              size="small"
              aria-label={`${t('desk.choose')} ${name}`}
              onClick={() => onChoose({ code, name })}
            >
              {t('desk.choose')}
            </Button>
          </li>
        ))}
      </ul>
    </fieldset>
  )
}

/** `code` is null for none of the catalogue. */
export type Chosen = { code: string | null; name: string }
