import { useMutation } from '@tanstack/react-query'
import { Button } from 'antd'
import { type FormEvent, useState } from 'react'

import { formText } from '../../web/form-text.ts'
import { api } from '../api.ts'
import { Empty } from '../list/Empty.tsx'
import { Fault } from '../list/Fault.tsx'
import { useStaff } from '../shell/staff.ts'
import { usePageTitle } from '../shell/use-page-title.ts'
import { LinkCard } from './LinkCard.tsx'
import { type FamilyLink, type LookUp, MEDIA, useFamilyWords } from './words.ts'

/** 家人代办: at the desk, with documents or the member before one. */
export function FamilyPage() {
  const { t } = useFamilyWords()
  const { hospitalId } = useStaff()
  usePageTitle(t('title'))
  const [asked, setAsked] = useState<LookUp | null>(null)
  const look = useLookUp(hospitalId)
  const find = (wish: LookUp) => {
    setAsked(wish)
    look.mutate(wish)
  }
  return (
    <div className="page">
      <header className="page-head">
        <h1>{t('title')}</h1>
        <p className="fine on-wide-only">{t('hint')}</p>
      </header>
      <LookUpForm isPending={look.isPending} onAsk={find} />
      {look.error !== null && <Fault error={look.error} />}
      {look.data?.length === 0 && <Empty text={t('none')} />}
      {look.data?.map((link) => (
        <LinkCard key={link.id} link={link} onDone={() => asked && look.mutate(asked)} />
      ))}
    </div>
  )
}

type LookUpFormProps = { isPending: boolean; onAsk: (wish: LookUp) => void }

function LookUpForm({ isPending, onAsk }: LookUpFormProps) {
  const { t } = useFamilyWords()
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const fields = new FormData(event.currentTarget)
    onAsk({ kind: formText(fields, 'kind') as LookUp['kind'], value: formText(fields, 'value') })
  }
  return (
    <form className="card note-form" onSubmit={submit} aria-label={t('find')}>
      <label>
        {t('medium')}
        <select name="kind">
          {MEDIA.map((kind) => (
            <option key={kind} value={kind}>
              {t(`media.${kind}`)}
            </option>
          ))}
        </select>
      </label>
      <label>
        {t('number')}
        <input name="value" required maxLength={200} autoComplete="off" />
      </label>
      <p className="fine">{t('everyLook')}</p>
      <Button type="primary" htmlType="submit" loading={isPending}>
        {t('find')}
      </Button>
    </form>
  )
}

/** Asked once for every press: that somebody was looked up is written down. */
const useLookUp = (hospitalId: number) =>
  useMutation<FamilyLink[], unknown, LookUp>({
    mutationFn: async (body) => {
      const { data, error } = await api.client.POST(
        '/v1/hospitals/{hospitalId}/family-links/look-up',
        { params: { path: { hospitalId } }, body },
      )
      if (error) throw error
      return data.items
    },
    gcTime: 0,
  })
