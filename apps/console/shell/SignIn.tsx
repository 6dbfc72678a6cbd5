import { useQueryClient } from '@tanstack/react-query'
import { getRouteApi, useRouter } from '@tanstack/react-router'
import { Button } from 'antd'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'

import { api } from '../api.ts'
import { Fault } from '../list/Fault.tsx'
import { Icon } from './Icon.tsx'
import { type Persona, usePersonas } from './personas.ts'
import { rememberSession } from './session.ts'
import { LanguageSwitch } from './TopBar.tsx'
import { usePageTitle } from './use-page-title.ts'

export function SignIn() {
  const { t, i18n } = useTranslation()
  const signIn = useSignIn()
  const personas = usePersonas()
  usePageTitle(t('signIn.title'))
  return (
    <main className="sign-in">
      <section className="sign-in-brand">
        <img src="/console/favicon.svg" alt="" width="48" height="48" />
        <p className="sign-in-product">{t('common:product')}</p>
        <p>{t('signIn.claim')}</p>
        <ul>
          {['one', 'two', 'three'].map((point) => (
            <li key={point}>
              <Icon name="check" />
              {t(`signIn.points.${point}`)}
            </li>
          ))}
        </ul>
      </section>
      <section className="sign-in-form">
        <LanguageSwitch />
        <h1>{t('signIn.title')}</h1>
        <SignInForm isBusy={signIn.isPending} onSubmit={signIn.mutate} />
        {signIn.error !== null && <Fault error={signIn.error} />}
        {personas && personas.length > 0 && (
          <div className="personas">
            <h2>{t('demo.personas')}</h2>
            <p className="fine">{t('demo.hint')}</p>
            {personas.map((persona) => (
              <Button
                key={persona.login}
                block
                disabled={signIn.isPending}
                icon={<Icon name="person" />}
                onClick={() => signIn.mutate(persona)}
              >
                {persona.label[i18n.language === 'en' ? 'en' : 'zh']}
              </Button>
            ))}
          </div>
        )}
      </section>
    </main>
  )
}

type Credentials = Pick<Persona, 'login' | 'password'>

function SignInForm({
  isBusy,
  onSubmit,
}: {
  isBusy: boolean
  onSubmit: (who: Credentials) => void
}) {
  const { t } = useTranslation()
  const [login, setLogin] = useState('')
  const [password, setPassword] = useState('')
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (login !== '' && password !== '') onSubmit({ login, password })
  }
  return (
    <form onSubmit={submit}>
      <label>
        {t('signIn.login')}
        <input
          name="username"
          autoComplete="username"
          required
          maxLength={100}
          value={login}
          onChange={(event) => setLogin(event.target.value)}
        />
      </label>
      <label>
        {t('signIn.password')}
        <input
          name="password"
          type="password"
          autoComplete="current-password"
          required
          maxLength={128}
          value={password}
          onChange={(event) => setPassword(event.target.value)}
        />
      </label>
      <Button type="primary" htmlType="submit" block loading={isBusy}>
        {t('signIn.submit')}
      </Button>
    </form>
  )
}

function useSignIn() {
  const router = useRouter()
  const queryClient = useQueryClient()
  const { to } = getRouteApi('/sign-in').useSearch()
  const { mutate, ...rest } = api.query.useMutation('post', '/v1/sessions', {
    onSuccess: async () => {
      rememberSession()
      queryClient.removeQueries(api.query.queryOptions('get', '/v1/me'))
      await router.navigate({ href: to ?? '/' })
    },
  })
  const signIn = ({ login, password }: Credentials) =>
    mutate({ body: { app: 'console', login, password } })
  return { ...rest, mutate: signIn }
}
