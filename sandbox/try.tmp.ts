import { startEntra } from './entra/start-entra.ts'
import { connect, redeem, tenantSpec, standInIds } from '../tests/support/stand-in.ts'
const entra = await startEntra({ tenants: [tenantSpec({ size: 150, churn: true, lateArrivals: true }), tenantSpec({ tenantId: '22222222-2222-3333-4444-555555555555', size: 100_000 }), tenantSpec({ tenantId: '32222222-2222-3333-4444-555555555555', size: 1_000_000 })] })
const start = Date.parse('2026-01-10T00:00:00Z')
entra.setClock(new Date(start))
let g = await connect(entra)
let c = process.cpuUsage(); let t = Date.now()
const N = 720
const t0 = entra.tenant(standInIds.tenantId)
let changes: string[] = [], last = ''
for (let h = 0; h < N; h++) {
  entra.setClock(new Date(start + h * 3600e3))
  const r = await redeem(entra, { refreshToken: g.refreshToken })
  const H = { authorization: `Bearer ${r.body.access_token}`, consistencylevel: 'eventual' }
  const f = `createdDateTime ge ${new Date(start + h * 3600e3 - 3*3600e3).toISOString()} and createdDateTime le ${new Date(start + h * 3600e3).toISOString()} and (riskState eq 'atRisk' or riskState eq 'remediated' or riskState eq 'dismissed' or riskState eq 'confirmedSafe' or riskState eq 'confirmedCompromised')`
  const bodies: any[] = []
  for (const p of ['/users?$select=id,displayName,userPrincipalName,mail,userType,accountEnabled,createdDateTime,creationType,externalUserState,onPremisesSyncEnabled,employeeHireDate,assignedPlans&$top=999', '/users/$count', '/reports/authenticationMethods/userRegistrationDetails', '/policies/identitySecurityDefaultsEnforcementPolicy', '/identity/conditionalAccess/policies', '/identityProtection/riskyUsers?$top=500', '/auditLogs/signIns?$filter=' + encodeURIComponent(f)]) {
    const a = await g.get(p, H); if (a.status !== 200) throw new Error(p + a.status + JSON.stringify(a.body)); bodies.push(a.body)
  }
  const users = bodies[0].value
  const s = `users ${users.length}/${bodies[1]} disabled ${users.filter((u: any) => !u.accountEnabled).length} noMfaPeople ${bodies[2].value.filter((x: any) => !x.isMfaCapable && x.userType === 'member').length} guestNoMfa ${bodies[2].value.filter((x: any) => !x.isMfaCapable && x.userType === 'guest').length} admins ${bodies[2].value.filter((x: any) => x.isAdmin).length} pol ${JSON.stringify(bodies[4].value.map((p: any) => p.state[0] + p.conditions.users.excludeGroups.length)).length} risky ${bodies[5].value.filter((x: any)=>x.riskState==='atRisk').length}/${bodies[5].value.length}`
  if (s !== last) changes.push(`h${h} ${s} signins ${bodies[6].value.length}`); last = s
}
const used = process.cpuUsage(c)
console.log('720 syncs: cpu s', (used.user + used.system) / 1e6, 'wall', (Date.now() - t) / 1000)
console.log(changes.slice(0, 12).join('\n'), '\n…', changes.length, changes.at(-1))
for (const tid of ['22222222-2222-3333-4444-555555555555']) {
  g = await connect(entra, { tenantId: tid }); t = Date.now(); c = process.cpuUsage()
  const all = await g.all('/users?$select=id,displayName,userPrincipalName,mail,userType,accountEnabled,createdDateTime,creationType,externalUserState,onPremisesSyncEnabled,employeeHireDate,assignedPlans&$top=999')
  console.log('100k', all.length, (Date.now() - t) / 1000, 's', process.cpuUsage(c).user/1e6, new Set(all.map(u => u.userPrincipalName)).size, new Set(all.map(u => u.id)).size)
  t = Date.now(); console.log((await g.all('/reports/authenticationMethods/userRegistrationDetails?$top=999')).length, (Date.now() - t) / 1000)
  t = Date.now(); console.log('risky', (await g.all('/identityProtection/riskyUsers?$top=500')).length, (Date.now() - t) / 1000)
}
const m = entra.tenant('32222222-2222-3333-4444-555555555555'); g = await connect(entra, { tenantId: m.id }); t = Date.now()
let next: string | undefined = '/users?$select=id,accountEnabled&$top=999', n = 0
while (next) { const a: any = await g.get(next); n += a.body.value.length; next = g.nextPath(a.body) }
console.log('1M ids', n, (Date.now() - t) / 1000, process.memoryUsage.rss() / 1e6)
const d = entra.tenant(standInIds.tenantId).directory, now = entra.now()
for (let i = 0; i < 24; i++) { const u = d.userAt(i, now); console.log(i, u?.class, u?.displayName, u?.userPrincipalName, u?.accountEnabled, u?.isMfaCapable, u?.createdDateTime, u?.methodsRegistered.join()) }
const cl: any = {}; for (let i = 0; i < 150; i++) { const u = d.userAt(i, now); const k = u ? u.class + (u.accountEnabled ? '' : '-off') : 'gone'; cl[k] = (cl[k] ?? 0) + 1 } console.log(cl)
await entra.stop()
