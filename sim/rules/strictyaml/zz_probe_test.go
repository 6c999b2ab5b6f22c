package strictyaml
import ("testing";"time";"strings";"fmt";"github.com/goccy/go-yaml/lexer")
func TestZZProbe(t *testing.T){
 rep:=func(n int,f string)string{var b strings.Builder;for i:=range n{b.WriteString(strings.ReplaceAll(f,"#",fmt.Sprint(i)))};return b.String()}
 for _,c:=range []struct{n,s string}{
 {"flat5k",rep(5000,"k#: 1\n")},{"flat10k",rep(10000,"k#: 1\n")},{"flat20k",rep(20000,"k#: 1\n")},
 {"null5k",rep(5000,"k#:\n")},{"null20k",rep(20000,"k#:\n")},
 {"flow10k","{"+rep(10000,"k#: 1, ")+"}"},{"flow40k","{"+rep(40000,"k#: 1, ")+"}"},{"flow120k","{"+rep(120000,"a: 1,")+"}"},
 {"flowbare10k","{"+rep(10000,"k#, ")+"}"},{"flowbare40k","{"+rep(40000,"k#, ")+"}"},
 {"flownull10k","{"+rep(10000,"k#: , ")+"}"},{"flownull40k","{"+rep(40000,"k#: , ")+"}"},
 {"seq40k",rep(40000,"- a\n")},{"seq240k",rep(240000,"- a\n")},{"fseq240k","["+rep(240000,"a, ")+"]"},
 {"seqmap20k",rep(20000,"- a: 1\n  b: 2\n")},{"seqmap60k",rep(60000,"- a: 1\n  b: 2\n")},
 {"seqflow20k",rep(20000,"- {a: 1, b: 2}\n")},{"seqflow60k",rep(60000,"- {a: 1, b: 2}\n")},
 {"seqnull20k",rep(20000,"- a:\n  b:\n")},{"seqnull60k",rep(60000,"- a:\n")},
 {"seqflownull60k",rep(60000,"- {a: }\n")},{"seqflownull100k",rep(100000,"- {a}\n")},
 {"comments",rep(100000,"# a\n")+"a: 1\n"},{"seqcomments",rep(60000,"- a\n# b\n")},{"keycomments5k",rep(5000,"# b\nk: 1\n")},
 }{
  s:=time.Now();tk:=lexer.Tokenize(c.s);e:=time.Since(s)
  x:=textOf(c.s);x.BytesMax=1<<21;s=time.Now();_,err:=x.Parse();d:=time.Since(s)
  m:="";if err!=nil{m=err.Error()};if len(m)>100{m=m[:100]}
  fmt.Println(c.n,len(c.s),"tokens",len(tk),e.Round(time.Millisecond),"all",d.Round(time.Millisecond),m)
 }
 for _,d:=range []int{300,1000,1400}{var b strings.Builder;for i:=range d{b.WriteString(strings.Repeat(" ",i)+"a:\n")}
  x:=textOf(b.String());x.BytesMax=1<<21;s:=time.Now();_,err:=x.Parse();fmt.Println("deep",d,b.Len(),time.Since(s),err)}
 for _,d:=range []int{300,1000,1400}{var b strings.Builder;for i:=range d{b.WriteString(strings.Repeat(" ",i)+"a:\n")};for i:=d-1;i>=0;i--{b.WriteString(strings.Repeat(" ",i)+"b: 1\n")}
  x:=textOf(b.String());x.BytesMax=1<<22;s:=time.Now();_,err:=x.Parse();fmt.Println("deep2",d,b.Len(),time.Since(s),err)}
}
