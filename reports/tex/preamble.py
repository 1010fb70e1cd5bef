"""What stands before `\\begin{document}`: packages of a basic TeX Live only, and the few commands that the text uses.

It serves pdfTeX, LuaTeX and XeTeX (Tectonic).  The fonts are Computer Modern by way of the old encoding OT1, the only
one whose outlines every TeX has; the text itself is pure ASCII.
"""

from __future__ import annotations

from collections.abc import Iterable

from reports.palette import Colour

_BEFORE = r"""% For pdflatex, lualatex, xelatex or tectonic; a basic TeX Live has all packages.  Run it twice or thrice.
\documentclass[11pt,a4paper,fleqn]{article}
\usepackage[OT1]{fontenc}
\renewcommand\rmdefault{cmr}\renewcommand\sfdefault{cmss}\renewcommand\ttdefault{cmtt}
\usepackage[a4paper,textwidth=160mm,top=24mm,bottom=27mm,hmarginratio=1:1]{geometry}
\usepackage{amsmath,amssymb,bm}
\usepackage{array,longtable}
\usepackage{color,graphicx}
\usepackage[colorlinks,linkcolor=link,urlcolor=link,bookmarksnumbered]{hyperref}

% The same source gives the same file.
\ifdefined\pdfinfoomitdate\pdfinfoomitdate=1\fi
\ifdefined\pdftrailerid\pdftrailerid{}\fi
\ifdefined\pdfsuppressptexinfo\pdfsuppressptexinfo=-1\fi
\ifdefined\directlua\pdfvariable suppressoptionalinfo 1023\relax\fi
% Text can be searched and copied.
\ifdefined\pdfgentounicode\input{glyphtounicode}\pdfgentounicode=1\fi

% Colours, each also as the numbers that drawings use.
\newcommand\colour[4]{\definecolor{#1}{rgb}{#2,#3,#4}\expandafter\def\csname paint@#1\endcsname{#2 #3 #4}}
"""

_AFTER = r"""
% The page
\setlength\parindent{0pt}
\setlength\parskip{0.55\baselineskip plus 0.2\baselineskip}
\setlength\emergencystretch{3em}
\setlength\mathindent{1.6em}
\raggedbottom
\clubpenalty=10000 \widowpenalty=10000 \displaywidowpenalty=10000 \predisplaypenalty=10000
\renewcommand\labelitemi{$\bullet$}
\setcounter{secnumdepth}{3}
\setcounter{tocdepth}{2}
\makeatletter
\def\@listi{\leftmargin\leftmargini\parsep=0pt\itemsep=0.2\baselineskip\topsep=0pt\partopsep=0pt}
\let\@listI\@listi
\g@addto@macro\normalsize{%
  \setlength\abovedisplayskip{0.7\baselineskip plus 0.2\baselineskip minus 0.1\baselineskip}%
  \setlength\abovedisplayshortskip{\abovedisplayskip}%
  \setlength\belowdisplayskip{0.25\baselineskip plus 0.1\baselineskip}%
  \setlength\belowdisplayshortskip{\belowdisplayskip}}
\normalsize
\renewcommand\section{\@startsection{section}{1}{0pt}{-1.7\baselineskip}{0.4\baselineskip}%
  {\Large\bfseries\raggedright}}
\renewcommand\subsection{\@startsection{subsection}{2}{0pt}{-1.2\baselineskip}{0.2\baselineskip}%
  {\large\bfseries\raggedright}}
\renewcommand\subsubsection{\@startsection{subsubsection}{3}{0pt}{-0.9\baselineskip}{0.1\baselineskip}%
  {\normalsize\bfseries\raggedright}}
\renewcommand\@seccntformat[1]{\csname the#1\endcsname\hspace{0.8em}}
\renewcommand\l@section{\@dottedtocline{1}{0em}{1.6em}}
\renewcommand\l@subsection{\@dottedtocline{2}{1.6em}{2.4em}}
\newcommand\contents{{\parskip=0pt\@starttoc{toc}}}

% An equation with its reason: beside it in a column of its own, or below it.
\newlength\leadwidth
\newlength\apart \setlength\apart{0.5\baselineskip}% between two equations
\newcommand\quietly{\small\color{quiet}}
\newcommand\named[1]{\textbf{#1}}
\newcommand\numberwidth{2.6em}
% Where no paragraph stands before an equation, its own skip is enough; behind a heading, a little more.
\newcommand\onlyoneskip{\ifvmode\vskip-\parskip\if@nobreak\vskip-0.45\baselineskip\else\vskip-0.9\baselineskip\fi\fi}
\ifdefined\AddToHook
  \AddToHook{env/equation/before}{\onlyoneskip}\AddToHook{env/equation*/before}{\onlyoneskip}
  \AddToHook{env/align/before}{\onlyoneskip}\AddToHook{env/align*/before}{\onlyoneskip}\fi
% formula, name, reason; a formula that is wider than its column is told in the log
\newcommand\beside[3]{%
  \setlength\leadwidth{\linewidth}\addtolength\leadwidth{-\mathindent}\addtolength\leadwidth{-\numberwidth}%
  \hbox to 0.5\linewidth{$\displaystyle #1$\hfil}%
  \addtolength\leadwidth{-0.5\linewidth}%
  \settowidth\dimen@{\named{#2}\kern0.8em}\addtolength\leadwidth{-\dimen@}%
  \parbox[c]{\leadwidth}{\quietly\raggedright #3}%
  \makebox[\dimen@][r]{\named{#2}}}
% formula, name
\newcommand\alone[2]{\hbox to \dimexpr\linewidth-\mathindent-\numberwidth\relax{$\displaystyle #1$\hfil\named{#2}}}
\newcommand\below[1]{\postdisplaypenalty=0\relax\par\nobreak\vskip 0.1\baselineskip\vskip-\parskip
  {\leftskip=\dimexpr\mathindent+1em\relax\rightskip=\numberwidth plus 2em\quietly\noindent #1\par}%
  \vskip 0.1\baselineskip}

% A frame around results, a row that breaks nowhere, and room that must be left on the page.
\newenvironment{results}[1]
  {\par\addvspace{\baselineskip}\setlength\fboxsep{0.8em}%
   \setlength\fboxrule{0.6pt}\setbox\@tempboxa\vbox\bgroup\hsize=\dimexpr\linewidth-2\fboxsep-2\fboxrule\relax\linewidth=\hsize
   \columnwidth=\hsize\textwidth=\hsize\parskip=0.4\baselineskip\noindent{\bfseries #1}\par\nobreak}
  {\par\unskip\egroup\noindent\fcolorbox{frame}{tint}{\box\@tempboxa}\par\addvspace{\baselineskip}}
\newenvironment{openresults}[1]
  {\par\addvspace{\baselineskip}{\color{frame}\hrule height 0.8pt}\nobreak\vskip 0.4\baselineskip
   \noindent{\bfseries #1}\par\nobreak}
  {\par\nobreak{\color{frame}\hrule height 0.8pt}\addvspace{\baselineskip}}
\newenvironment{together}
  {\par\setlength\leadwidth{\parskip}\noindent\begin{minipage}{\linewidth}\setlength\parskip{\leadwidth}}
  {\end{minipage}\par}
% The penalty makes TeX look whether the page would be too full here; then it ends where it last could.
\newcommand\room[1]{\par\begingroup\dimen@=#1\relax\vskip\dimen@\penalty9999\vskip-\dimen@\endgroup}

% Where the last page would hold a few lines only, the next run sets all pages a little closer.
\newcommand\closer{%
  \addtolength\topmargin{-4mm}\addtolength\textheight{9mm}\addtolength\footskip{-5mm}%
  \global\@colht\textheight \global\@colroom\textheight \global\vsize\textheight
  \setlength\parskip{0.4\baselineskip plus 0.2\baselineskip}\setlength\apart{0.25\baselineskip}%
  \g@addto@macro\normalsize{\setlength\abovedisplayskip{0.5\baselineskip plus 0.2\baselineskip}%
    \setlength\abovedisplayshortskip{\abovedisplayskip}}%
  \normalsize}
\AtBeginDocument{\ifdefined\bareend\closer\fi}
\AtEndDocument{\par\penalty0 % a place to end the page before, if it is full
  \ifdefined\settled \ifnum\value{page}>1 \ifdim\pagetotal>0pt \ifdim\pagetotal<0.15\textheight
    \gdef\bareend{}\fi\fi\fi\fi
  \immediate\write\@auxout{\noexpand\gdef\noexpand\settled{}}%
  \ifdefined\bareend\immediate\write\@auxout{\noexpand\gdef\noexpand\bareend{}}\fi}

% Tables, captions, code
% Rules as wide as the columns, also where these leave a part of the line free; no page ends at one inside a table.
\newcommand\ruled[1]{\noalign{\nobreak}\multispan{\LT@cols}\unskip\leaders\hrule\@height#1\hfill\cr}
\newcommand\thick{\ruled{0.8pt}\noalign{\nobreak}}
\newcommand\thin{\ruled{0.4pt}\noalign{\nobreak}}
\newcommand\closing{\ruled{0.8pt}}
\newcommand\inframe{\renewcommand\ruled[1]{\noalign{\hrule height ##1}}}
\newcommand\strutted{\rule[-0.45em]{0pt}{1.45em}}
\newcolumntype{R}[1]{>{\raggedright\arraybackslash}p{#1}}
\newcommand\captioned[2]{{\small\textbf{#1.}\ #2}}
% A drawing and its caption in one piece, a little smaller if that keeps them on the page that has begun.
\newsavebox\drawn \newsavebox\told
% label, drawing, caption
\newcommand\pictured[3]{\par\sbox\drawn{#2}%
  \begin{center}\refstepcounter{figure}#1%
  \setbox\told\vbox{\hsize=\linewidth\vskip0.8\baselineskip\underneath{#3}}%
  \dimen@=\dimexpr\pagegoal-\pagetotal-\ht\told-\dp\told-2.5\baselineskip\relax
  \ifdim\dimen@<\ht\drawn \ifdim\dimen@>0.65\ht\drawn \sbox\drawn{\resizebox{!}{\dimen@}{\usebox\drawn}}\fi\fi
  \usebox\drawn\par\nobreak\box\told\end{center}}
% A caption of one line stands in the middle, a longer one begins at the left.
\newcommand\underneath[1]{\setbox\@tempboxa\hbox{#1}%
  \ifdim\wd\@tempboxa>\linewidth{\raggedright #1\par}\else\leavevmode\box\@tempboxa\par\fi}
\renewcommand\arraystretch{1.15}
\setcounter{MaxMatrixCols}{40}
% columns, name, words
\newcommand\tablecaption[3]{\multicolumn{#1}{@{}l@{}}{\makebox[0pt][l]{\parbox[b]{\linewidth}{\captioned{#2}{#3}}}}}
\setlength\LTpre{0.6\baselineskip}\setlength\LTpost{0.6\baselineskip}
\newenvironment{listing}[1]
  {\par\addvspace{0.6\baselineskip}#1\parskip=0pt\topsep=0pt\partopsep=0pt
   {\color{faint}\hrule}\nobreak\vskip 0.6\baselineskip}
  {\par\nobreak\vskip 0.35\baselineskip{\color{faint}\hrule}\addvspace{0.8\baselineskip}}
% Quotation marks of a program stay straight.
\begingroup\catcode`'=\active\catcode``=\active
\g@addto@macro\@noligs{\let'\straightquote\let`\backquote}%
\endgroup
\DeclareRobustCommand\straightquote{\char13 }
\DeclareRobustCommand\backquote{\char18 }
\def\verbatim@font{\ttfamily}
% A sign of a program that TeX's typewriter lacks: its code and what to print.
\ifdefined\XeTeXversion\newcommand\codesign[2]{\catcode"#1=\active\begingroup\lccode`~="#1
    \lowercase{\endgroup\protected\def~}{#2}}
\else\ifdefined\directlua\newcommand\codesign[2]{\catcode"#1=\active\begingroup\lccode`~="#1
    \lowercase{\endgroup\protected\def~}{#2}}
\else\newcommand\codesign[2]{\DeclareUnicodeCharacter{#1}{#2}}\fi\fi
\newcommand\cell[1]{\hbox to 0.5em{\hss#1\hss}}

% Drawings in millimetres: \trace gives a path of PDF to whichever engine runs.
\ifdefined\XeTeXversion\newcommand\pathto[1]{\special{pdf:content #1}}
\else\ifdefined\directlua\newcommand\pathto[1]{\pdfextension literal{q #1 Q}}
\else\newcommand\pathto[1]{\pdfliteral{q #1 Q}}\fi\fi
\newenvironment{drawing}[2]{\setlength\unitlength{1mm}\begin{picture}(#1,#2)}{\end{picture}}
\newcommand\paint[1]{\csname paint@#1\endcsname}
% line width, colour, path
\newcommand\trace[3]{\put(0,0){\pathto{2.83465 0 0 2.83465 0 0 cm 1 j 1 J \paint{#2} RG #1 w #3 S}}}
\newcommand\dashes[3]{\put(0,0){\pathto{2.83465 0 0 2.83465 0 0 cm 1 j [1.2 0.9] 0 d \paint{#2} RG #1 w #3 S}}}
% line width, colour, colour of the inside, path
\newcommand\area[4]{\put(0,0){\pathto{2.83465 0 0 2.83465 0 0 cm 1 j \paint{#2} RG \paint{#3} rg #1 w #4 B}}}
% place, colour, size, text
\newcommand\lettersize[1]{\fontsize{#1}{#1}\selectfont}
\newcommand\legend[5]{\put(#1){\makebox(0,0)[#2]{\lettersize{#4}\color{#3}#5}}}
\newcommand\clear[1]{{\setlength\fboxsep{0.6pt}\colorbox{paper}{#1}}}
\makeatother
"""


def preamble(colours: Iterable[Colour]) -> str:
    """The preamble with the colours that the text uses."""
    lines = (rf"\colour{{{row.name}}}" + "".join(f"{{{part}}}" for part in row.fractions) for row in colours)
    return _BEFORE + "\n".join(lines) + "\n" + _AFTER
