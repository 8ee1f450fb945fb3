/* The rules of ledger_kernel.py by hand in C: how fast one processor can be. The text is that of the
   measurements by which the native engine was chosen (shared/anchors/c_ledger.c).
   gcc -O3 -march=native -shared -fPIC ledger_kernel.c; CHECKED tells of every overflow of 64 bits,
   JOURNAL writes 4 values for each event. */
#include <stdint.h>
#define I int64_t
#define MIN(a,b) ((a)<(b)?(a):(b))
enum { DED=65000, CAP=15000000, RCUR=35, RCAR=275, NY=5 };
static const I RATIO[4]={0,9000,8500,8000};
static const int32_t JAN1[NY]={18993,19358,19723,20089,20454};     /* 1 Jan 2022..2026 */
#define BODY(ADD,SUB,MUL,J) \
  for(I a=lo;a<hi;a++){ I cur=0,car=0,ded=0,paid=0,ac=0,ak=0,oop=0,fund=0,t; int y=0; int32_t last=18628; \
    for(I j=off[a];j<=off[a+1];j++){ int end=j==off[a+1]; int32_t d=end?JAN1[NY-1]:day[j]; \
      while(y<NY && d>=JAN1[y]){ I n=JAN1[y]-last; MUL(t,cur,n); ADD(ac,ac,t); MUL(t,car,n); ADD(ak,ak,t); last=JAN1[y]; \
        I u,v,w; MUL(u,ac,(I)RCUR); MUL(v,ak,(I)RCAR); ADD(w,u,v); MUL(w,w,(I)2); ADD(w,w,(I)3650000); w/=7300000; \
        ADD(car,car,cur); ADD(car,car,w); cur=0; ded=paid=ac=ak=0; y++; } \
      if(end) break; \
      I n=d-last; MUL(t,cur,n); ADD(ac,ac,t); MUL(t,car,n); ADD(ak,ak,t); last=d; \
      I x=amt[j]; int k=kind[j]; I p=0,fc=0,fk=0,o=0; \
      if(k==0){ ADD(cur,cur,x); } else { \
        I q=MIN(x,DED-ded); ded+=q; I r; SUB(r,x,q); MUL(r,r,RATIO[k]*2); ADD(r,r,(I)10000); r/=20000; p=MIN(r,CAP-paid); paid+=p; \
        I s; SUB(s,x,p); fc=MIN(s,cur); cur-=fc; s-=fc; fk=MIN(s,car); car-=fk; o=s-fk; ADD(oop,oop,o); ADD(fund,fund,p); } \
      if(J){ jr[4*j]=p; jr[4*j+1]=fc; jr[4*j+2]=fk; jr[4*j+3]=o; } } \
    out[4*a]=cur; out[4*a+1]=car; out[4*a+2]=oop; out[4*a+3]=fund; }
#define A0(r,a,b) r=(a)+(b)
#define S0(r,a,b) r=(a)-(b)
#define M0(r,a,b) r=(a)*(b)
#define A1(r,a,b) bad|=__builtin_add_overflow(a,b,&r)
#define S1(r,a,b) bad|=__builtin_sub_overflow(a,b,&r)
#define M1(r,a,b) bad|=__builtin_mul_overflow(a,b,&r)
#define ARGS const I*restrict off,const int32_t*restrict day,const int8_t*restrict kind,const I*restrict amt,I lo,I hi,I*restrict out,I*restrict jr
I ledger(ARGS){ BODY(A0,S0,M0,0) return 0; }
I ledger_checked(ARGS){ I bad=0; BODY(A1,S1,M1,0) return bad; }
I ledger_journal(ARGS){ BODY(A0,S0,M0,1) return 0; }
/* the memory limit: read every input byte once, no semantics */
I touch(ARGS){ I s=0; for(I j=off[lo];j<off[hi];j++) s+=amt[j]+day[j]+kind[j]; return s; }
