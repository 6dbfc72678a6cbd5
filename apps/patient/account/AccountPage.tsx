import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { client, query } from '../api.ts'
import { Go, places, useGo } from '../navigation.tsx'
import { Confirm } from '../parts/Confirm.tsx'
import { FailureBox } from '../parts/FailureBox.tsx'
import { useHospitals } from '../parts/hospitals.ts'
import { Icon } from '../parts/Icon.tsx'
import { Waiting } from '../parts/Waiting.tsx'
import { forgetSession } from '../session.ts'
import { Page } from '../shell/Page.tsx'
import { ElderToggle, LanguageChoice } from '../shell/Preferences.tsx'

/** Who is signed in, how the pages look to them, and the way out. */
export function AccountPage() {
  const { t } = useTranslation()
  return (
    <Page title={t('account.title')} back={places.home}>
      <Person />
      <Go place={places.agreements} className="button">
        {t('agreement.entry')}
      </Go>
      <Go place={places.credit} className="button">
        {t('account.payLater')}
      </Go>
      <nav className="card rows" aria-label={t('payersEntry.label')}>
        <Go place={places.queue} className="row">
          {t('payersEntry.queue')}
          <Icon name="forward" />
        </Go>
        <Go place={places.lookUp} className="row">
          {t('payersEntry.lookUp')}
          <Icon name="forward" />
        </Go>
        <Go place={places.cover} className="row">
          {t('payersEntry.cover')}
          <Icon name="forward" />
        </Go>
        <Go place={places.benefits} className="row">
          {t('payersEntry.benefits')}
          <Icon name="forward" />
        </Go>
        <Go place={places.deposits} className="row">
          {t('payersEntry.deposits')}
          <Icon name="forward" />
        </Go>
        <Go place={places.grants} className="row">
          {t('payersEntry.grants')}
          <Icon name="forward" />
        </Go>
        <Go place={places.media} className="row">
          {t('payersEntry.media')}
          <Icon name="forward" />
        </Go>
        <Go place={places.family} className="row">
          {t('payersEntry.family')}
          <Icon name="forward" />
        </Go>
        <Go place={places.sharing} className="row">
          {t('payersEntry.sharing')}
          <Icon name="forward" />
        </Go>
      </nav>
      <section className="card" aria-label={t('account.preferences')}>
        <ElderToggle />
        <p className="note">{t('account.elderNote')}</p>
        <LanguageChoice />
      </section>
      <SignOut />
    </Page>
  )
}

function Person() {
  const { t } = useTranslation()
  const { data, error, refetch } = query.useQuery('get', '/v1/me')
  const hospitals = useHospitals().data?.items ?? []
  if (data?.kind !== 'person') {
    return (
      <section className="card">
        {error ? <FailureBox error={error} onRetry={() => void refetch()} /> : <Waiting rows={3} />}
      </section>
    )
  }
  return (
    <section className="card" aria-label={t('account.person')}>
      <dl className="facts">
        <Fact name={t('account.name')} value={data.name} />
        <Fact name={t('account.idCard')} value={data.idCardNo} />
        {data.phone !== null && <Fact name={t('account.phone')} value={data.phone} />}
        {data.hospitals.map(({ hospitalId, cardNo }) => (
          <Fact
            key={hospitalId}
            name={hospitals.find(({ id }) => id === hospitalId)?.shortName ?? t('account.card')}
            value={cardNo}
          />
        ))}
      </dl>
    </section>
  )
}

const Fact = ({ name, value }: { name: string; value: string }) => (
  <div>
    <dt>{name}</dt>
    <dd>{value}</dd>
  </div>
)

function SignOut() {
  const { t } = useTranslation()
  const queryClient = useQueryClient()
  const go = useGo()
  const [isAsking, setAsking] = useState(false)
  const signOut = useMutation({
    mutationFn: async () => {
      const { error } = await client.DELETE('/v1/sessions/current')
      if (error && error.code !== 'http.unauthenticated') throw error
    },
    onSuccess: async () => {
      forgetSession()
      await go(places.signIn('/'), { replace: true })
      queryClient.clear()
    },
    onSettled: () => setAsking(false),
  })
  return (
    <>
      {signOut.error && <FailureBox error={signOut.error} />}
      <button type="button" className="button" onClick={() => setAsking(true)}>
        {t('account.signOut')}
      </button>
      {isAsking && (
        <Confirm
          title={t('account.signOut')}
          yes={t('account.signOut')}
          no={t('account.stay')}
          onYes={() => signOut.mutate()}
          onNo={() => setAsking(false)}
        >
          {t('account.signOutNote')}
        </Confirm>
      )}
    </>
  )
}
